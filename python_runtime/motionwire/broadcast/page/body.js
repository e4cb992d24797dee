// The humanoid's shape: tapered capsules along bones and ellipsoids around joints, in the frames of the 22 canonical joints.

import {
  CapsuleGeometry, Color, LatheGeometry, Quaternion, SphereGeometry, Vector2, Vector3,
} from "./vendor/three.module.min.js";

const LEG = 0.81; // metres of thigh and shin that the shapes are drawn for; other skeletons scale them
const UP = new Vector3(0, 1, 0);
const SHELL = new Color(0xece8de);
const LEFT = new Color(0x3f9bd0); // the character's left is blue, its right orange: a mirrored limb shows at once
const RIGHT = new Color(0xe58740);
const DARK = new Color(0x333d49);

// [joint, child, radius at the joint, radius at the child, colour, small]: a tapered capsule along the bone; small parts are left out of
// a coarse body.
const LIMBS = [
  ["left_hip", "left_knee", 0.084, 0.054, SHELL],
  ["right_hip", "right_knee", 0.084, 0.054, SHELL],
  ["left_knee", "left_ankle", 0.056, 0.036, LEFT],
  ["right_knee", "right_ankle", 0.056, 0.036, RIGHT],
  ["left_ankle", "left_foot", 0.042, 0.036, DARK],
  ["right_ankle", "right_foot", 0.042, 0.036, DARK],
  ["left_collar", "left_shoulder", 0.064, 0.06, SHELL, true],
  ["right_collar", "right_shoulder", 0.064, 0.06, SHELL, true],
  ["left_shoulder", "left_elbow", 0.054, 0.042, SHELL],
  ["right_shoulder", "right_elbow", 0.054, 0.042, SHELL],
  ["left_elbow", "left_wrist", 0.043, 0.03, LEFT],
  ["right_elbow", "right_wrist", 0.043, 0.03, RIGHT],
  ["neck", "head", 0.052, 0.046, DARK, true],
];

// [joint, centre, radii, colour, small]: an ellipsoid in the joint's frame, metres.
const MASSES = [
  ["pelvis", [0, 0.0, 0], [0.158, 0.125, 0.112], SHELL],
  ["spine1", [0, 0.05, 0], [0.138, 0.13, 0.1], DARK],
  ["spine2", [0, 0.04, 0], [0.152, 0.12, 0.108], SHELL, true],
  ["spine3", [0, 0.08, 0.0], [0.178, 0.155, 0.118], SHELL],
  ["neck", [0, -0.035, 0], [0.11, 0.06, 0.07], SHELL, true],
  ["head", [0, 0.075, 0.0], [0.084, 0.118, 0.102], SHELL],
  ["head", [0, 0.08, 0.036], [0.071, 0.03, 0.076], DARK, true],
  ["left_wrist", [0.08, 0, 0], [0.085, 0.022, 0.042], SHELL, true],
  ["right_wrist", [-0.08, 0, 0], [0.085, 0.022, 0.042], SHELL, true],
  ["left_ankle", [0, -0.045, -0.025], [0.036, 0.032, 0.045], DARK, true],
  ["right_ankle", [0, -0.045, -0.025], [0.036, 0.032, 0.045], DARK, true],
  ["left_foot", [0, -0.006, 0.028], [0.042, 0.026, 0.06], DARK, true],
  ["right_foot", [0, -0.006, 0.028], [0.042, 0.026, 0.06], DARK, true],
];

// How finely round things are cut: segments around, rings from pole to pole; capped: bones have round ends, and small parts are there.
// About 14,000, 5,000 and 180 triangles a body: without a GPU, a hundred of the finest take seconds.
export const FINE = { around: 20, rings: 14, capped: true };
export const MEDIUM = { around: 12, rings: 8, capped: true };
export const COARSE = { around: 5, rings: 3, capped: false };

/** Parts of a body for this skeleton: [{joint: index, geometry, color}], geometry in the joint's frame. */
export function bodyParts(skeleton, cut) {
  const bone = (name) => new Vector3(...skeleton.offset(skeleton.index(name)));
  const scale = (bone("left_knee").length() + bone("left_ankle").length()) / LEG;
  const limbs = LIMBS.filter((limb) => cut.capped || !limb[5]).map(([joint, child, near, far, color]) => ({
    joint: skeleton.index(joint),
    geometry: taperedCapsule(bone(child), near * scale, far * scale, cut),
    color,
  }));
  const masses = MASSES.filter((mass) => cut.capped || !mass[4]).map(([joint, centre, radii, color]) => ({
    joint: skeleton.index(joint),
    geometry: new SphereGeometry(1, cut.around, cut.rings)
      .scale(...radii.map((radius) => radius * scale))
      .translate(...centre.map((value) => value * scale)),
    color,
  }));
  return [...limbs, ...masses];
}

// Two half spheres and the cone between them, from the joint at the origin to the bone's end.
function taperedCapsule(bone, near, far, cut) {
  const length = bone.length();
  if (!cut.capped) {
    return orient(new LatheGeometry([new Vector2(near, 0), new Vector2(far, length)], cut.around), bone);
  }
  const rings = Math.ceil(cut.rings / 2) - 1;
  if (near === far) {
    return orient(new CapsuleGeometry(near, length, rings, cut.around).translate(0, length / 2, 0), bone);
  }
  const tilt = Math.asin((near - far) / length); // the cone touches the spheres this far from their equators
  const profile = [];
  for (let i = 0; i <= rings; i++) profile.push(onSphere(0, near, -Math.PI / 2 + ((Math.PI / 2 + tilt) * i) / rings));
  for (let i = 0; i <= rings; i++) profile.push(onSphere(length, far, tilt + ((Math.PI / 2 - tilt) * i) / rings));
  return orient(new LatheGeometry(profile, cut.around), bone);
}

function onSphere(height, radius, angle) {
  return new Vector2(Math.max(0, radius * Math.cos(angle)), height + radius * Math.sin(angle));
}

function orient(geometry, bone) {
  return geometry.applyQuaternion(new Quaternion().setFromUnitVectors(UP, bone.clone().normalize()));
}
