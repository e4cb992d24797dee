// The humanoid: capsules and ellipsoids over the 22 canonical joints, one instanced mesh per body part, so that a hundred
// characters cost the same number of draw calls as one. The rest pose is a T-pose with identity rotations.

import {
  CapsuleGeometry, Color, DynamicDrawUsage, InstancedMesh, LatheGeometry, Matrix4, MeshStandardMaterial, Quaternion,
  SphereGeometry, Vector2, Vector3,
} from "./vendor/three.module.min.js";

export const POSE_FLOATS = (joints) => 3 + 4 * joints; // root position, then one xyzw quaternion per joint

const LEG = 0.81; // metres of thigh and shin that the shapes below are drawn for; other skeletons scale them
const UP = new Vector3(0, 1, 0);
const SHELL = new Color(0xe8e4da);
const LEFT = new Color(0x4fa3d1); // the character's left is blue, its right orange: a mirrored limb shows at once
const RIGHT = new Color(0xe08a4a);
const DARK = new Color(0x2d3540);

// [joint, child, radius at the joint, radius at the child, colour]: a tapered capsule along the bone.
const LIMBS = [
  ["left_hip", "left_knee", 0.082, 0.055, SHELL],
  ["right_hip", "right_knee", 0.082, 0.055, SHELL],
  ["left_knee", "left_ankle", 0.056, 0.036, LEFT],
  ["right_knee", "right_ankle", 0.056, 0.036, RIGHT],
  ["left_ankle", "left_foot", 0.042, 0.036, DARK],
  ["right_ankle", "right_foot", 0.042, 0.036, DARK],
  ["left_collar", "left_shoulder", 0.06, 0.06, SHELL],
  ["right_collar", "right_shoulder", 0.06, 0.06, SHELL],
  ["left_shoulder", "left_elbow", 0.053, 0.042, SHELL],
  ["right_shoulder", "right_elbow", 0.053, 0.042, SHELL],
  ["left_elbow", "left_wrist", 0.043, 0.03, LEFT],
  ["right_elbow", "right_wrist", 0.043, 0.03, RIGHT],
  ["neck", "head", 0.052, 0.046, DARK],
];

// [joint, centre, radii, colour]: an ellipsoid in the joint's frame, metres.
const MASSES = [
  ["pelvis", [0, 0.0, 0], [0.158, 0.125, 0.112], SHELL],
  ["spine1", [0, 0.05, 0], [0.138, 0.13, 0.1], DARK],
  ["spine2", [0, 0.04, 0], [0.152, 0.12, 0.108], SHELL],
  ["spine3", [0, 0.08, 0.0], [0.178, 0.155, 0.118], SHELL],
  ["neck", [0, -0.035, 0], [0.11, 0.06, 0.07], SHELL],
  ["head", [0, 0.075, 0.0], [0.084, 0.118, 0.102], SHELL],
  ["head", [0, 0.08, 0.036], [0.071, 0.03, 0.076], DARK],
  ["left_wrist", [0.08, 0, 0], [0.085, 0.022, 0.042], SHELL],
  ["right_wrist", [-0.08, 0, 0], [0.085, 0.022, 0.042], SHELL],
  ["left_ankle", [0, -0.045, -0.025], [0.036, 0.032, 0.045], DARK],
  ["right_ankle", [0, -0.045, -0.025], [0.036, 0.032, 0.045], DARK],
  ["left_foot", [0, -0.006, 0.028], [0.042, 0.026, 0.06], DARK],
  ["right_foot", [0, -0.006, 0.028], [0.042, 0.026, 0.06], DARK],
];

/** All characters of a scene. `add` this.meshes to it; `setPose` takes one character's floats; `commit` uploads. */
export class Figures {
  /** skeleton: {names, parents, offsets} as the server's welcome tells it; capacity: most characters at once. */
  constructor(skeleton, capacity) {
    this.joints = skeleton.names.length;
    this.parents = skeleton.parents;
    this.offsets = skeleton.offsets.map((offset) => new Vector3(...offset));
    this.capacity = capacity;
    this.world = Array.from({ length: this.joints }, () => ({ position: new Vector3(), rotation: new Quaternion() }));
    this.parts = buildParts(skeleton.names, this.offsets).map(({ joint, geometry, color }) => {
      const material = new MeshStandardMaterial({ color, roughness: 0.62, metalness: 0.02 });
      const mesh = new InstancedMesh(geometry, material, capacity);
      mesh.instanceMatrix.setUsage(DynamicDrawUsage);
      mesh.count = 0;
      mesh.castShadow = true;
      mesh.receiveShadow = true;
      mesh.frustumCulled = false; // its bounds would be those of the rest pose at the origin
      return { joint, mesh };
    });
    this.meshes = this.parts.map((part) => part.mesh);
    this.matrix = new Matrix4();
    this.unit = new Vector3(1, 1, 1);
  }

  /** How many characters are drawn from now on. */
  setCount(count) {
    for (const mesh of this.meshes) mesh.count = Math.min(count, this.capacity);
  }

  /** pose: 3 + 4 * joints floats from `start` in `floats`. Returns the root position (valid until the next call). */
  setPose(index, floats, start = 0) {
    for (let joint = 0; joint < this.joints; joint++) {
      const { position, rotation } = this.world[joint];
      rotation.fromArray(floats, start + 3 + 4 * joint);
      const parent = this.parents[joint];
      if (parent < 0) {
        position.fromArray(floats, start);
      } else {
        position.copy(this.offsets[joint]).applyQuaternion(this.world[parent].rotation).add(this.world[parent].position);
        rotation.premultiply(this.world[parent].rotation);
      }
    }
    for (const { joint, mesh } of this.parts) {
      this.matrix.compose(this.world[joint].position, this.world[joint].rotation, this.unit);
      mesh.setMatrixAt(index, this.matrix);
    }
    return this.world[0].position;
  }

  commit() {
    for (const mesh of this.meshes) mesh.instanceMatrix.needsUpdate = true;
  }

  dispose() {
    for (const mesh of this.meshes) {
      mesh.removeFromParent();
      mesh.geometry.dispose();
      mesh.material.dispose();
      mesh.dispose();
    }
  }
}

function buildParts(names, offsets) {
  const index = (name) => names.indexOf(name);
  const leg = offsets[index("left_knee")].length() + offsets[index("left_ankle")].length();
  const scale = leg / LEG;
  const limbs = LIMBS.map(([joint, child, near, far, color]) => ({
    joint: index(joint),
    geometry: taperedCapsule(offsets[index(child)], near * scale, far * scale),
    color,
  }));
  const masses = MASSES.map(([joint, centre, radii, color]) => ({
    joint: index(joint),
    geometry: new SphereGeometry(1, 24, 16)
      .scale(...radii.map((radius) => radius * scale))
      .translate(...centre.map((value) => value * scale)),
    color,
  }));
  return [...limbs, ...masses];
}

// Two half spheres and the cone between them, from the joint at the origin to the bone's end.
function taperedCapsule(bone, near, far) {
  const length = bone.length();
  if (near === far) {
    return orient(new CapsuleGeometry(near, length, 6, 20).translate(0, length / 2, 0), bone);
  }
  const tilt = Math.asin((near - far) / length); // the cone touches the spheres this far from their equators
  const profile = [];
  for (let i = 0; i <= 6; i++) profile.push(onSphere(0, near, -Math.PI / 2 + ((Math.PI / 2 + tilt) * i) / 6));
  for (let i = 0; i <= 6; i++) profile.push(onSphere(length, far, tilt + ((Math.PI / 2 - tilt) * i) / 6));
  return orient(new LatheGeometry(profile, 20), bone);
}

function onSphere(height, radius, angle) {
  return new Vector2(Math.max(0, radius * Math.cos(angle)), height + radius * Math.sin(angle));
}

function orient(geometry, bone) {
  return geometry.applyQuaternion(new Quaternion().setFromUnitVectors(UP, bone.clone().normalize()));
}
