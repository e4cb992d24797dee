// Characters in the scene: one instanced mesh per body part for all of them, so that a hundred cost the draw calls of one.

import { MeshLambertMaterial } from "./vendor/three.module.min.js";
import { Blobs } from "./blobs.js";
import { bodyParts } from "./body.js";
import { commit, dismiss, instances } from "./instances.js";
import { FlatShadows } from "./shadows.js";
import { writeMatrix } from "./skeleton.js";

const FEW = 12; // figures that have flat shadows
const SEEN_THROUGH = { transparent: true, opacity: 0.45 };

export class Figures {
  /** stage: where they stand; capacity: most of them; cut: how finely, see body.js; ghost: seen through and without a shadow. */
  constructor({ scene, ground }, skeleton, capacity, cut, { ghost = false } = {}) {
    Object.assign(this, { skeleton, capacity });
    this.world = new Float32Array(skeleton.worldFloats * capacity);
    this.matrix = new Float32Array(16);
    this.parts = bodyParts(skeleton, cut).map(({ joint, geometry, color }) => {
      const mesh = instances(scene, geometry, new MeshLambertMaterial({ color, ...(ghost ? SEEN_THROUGH : {}) }), capacity);
      mesh.castShadow = !ghost;
      return { joint, mesh };
    });
    this.shadow = ghost ? null : capacity > FEW ? new Blobs(ground.simple, this) : new FlatShadows(ground.simple, this);
  }

  /** Show these poses: `count` times poseFloats floats. */
  show(poses, count) {
    const { skeleton } = this;
    for (let index = 0; index < count; index++) {
      const world = this.worldOf(index);
      skeleton.world(poses, index * skeleton.poseFloats, world);
      for (const { joint, mesh } of this.parts) mesh.instanceMatrix.array.set(writeMatrix(world, joint, this.matrix), 16 * index);
    }
    for (const { mesh } of this.parts) commit(mesh, count);
    this.shadow?.show(count);
  }

  /** Joints of one character in the world, as it is shown. */
  worldOf(index) {
    return this.world.subarray(index * this.skeleton.worldFloats, (index + 1) * this.skeleton.worldFloats);
  }

  hide() {
    this.show([], 0);
  }

  dispose() {
    for (const { mesh } of this.parts) dismiss(mesh);
    this.shadow?.dispose();
  }
}
