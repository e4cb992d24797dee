// A recording as GLB: the figure's parts hang on a hierarchy of bones that an animation moves; written by three.js's exporter.

import {
  AnimationClip, Bone, Group, Mesh, MeshStandardMaterial, QuaternionKeyframeTrack, VectorKeyframeTrack,
} from "./vendor/three.module.min.js";
import { GLTFExporter } from "./vendor/GLTFExporter.js";
import { bodyParts, FINE } from "./body.js";

/** times Float64Array [T] in s, poses Float32Array [T * poseFloats]; returns an ArrayBuffer. */
export function toGlb(skeleton, times, poses) {
  const figure = new Group();
  figure.name = "motionwire";
  const bones = skeleton.names.map((name, joint) => {
    const bone = new Bone();
    bone.name = name;
    bone.position.fromArray(skeleton.offsets, 3 * joint);
    return bone;
  });
  skeleton.parents.forEach((parent, joint) => (parent < 0 ? figure : bones[parent]).add(bones[joint]));
  for (const { joint, geometry, color } of bodyParts(skeleton, FINE)) {
    bones[joint].add(new Mesh(geometry, new MeshStandardMaterial({ color, roughness: 0.7 })));
  }
  const rows = (from, width) => {
    const values = new Float32Array(width * times.length);
    for (let t = 0; t < times.length; t++) {
      const start = t * skeleton.poseFloats + from;
      values.set(poses.subarray(start, start + width), width * t);
    }
    return values;
  };
  const tracks = skeleton.names.map((name, joint) => new QuaternionKeyframeTrack(`${name}.quaternion`, times, rows(3 + 4 * joint, 4)));
  tracks.push(new VectorKeyframeTrack(`${skeleton.names[0]}.position`, times, rows(0, 3)));
  const clip = new AnimationClip("recording", -1, tracks);
  return new GLTFExporter().parseAsync(figure, { binary: true, animations: [clip] });
}
