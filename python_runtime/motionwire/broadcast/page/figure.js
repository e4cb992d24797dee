// Characters in the scene: one instanced mesh per body part for all of them, so that a hundred cost the draw calls of one.

import { MeshLambertMaterial } from "./vendor/three.module.min.js";
import { Blobs } from "./blobs.js";
import { bodyParts, COARSE, FINE } from "./body.js";
import { commit, dismiss, instances } from "./instances.js";
import { writeMatrix } from "./skeleton.js";

const CROWD = 8; // more characters than so many are cut more coarsely
const SEEN_THROUGH = { transparent: true, opacity: 0.45 };

export class Figures {
  /** scene: where they stand; capacity: most of them; ghost: seen through and without a shadow. */
  constructor(scene, skeleton, capacity, { ghost = false } = {}) {
    Object.assign(this, { skeleton, capacity });
    this.world = new Float32Array(skeleton.worldFloats * capacity);
    this.matrix = new Float32Array(16);
    this.count = 0; // shown
    this.shadows = capacity; // the first so many throw the sun's shadow
    this.parts = bodyParts(skeleton, capacity > CROWD ? COARSE : FINE).map(({ joint, geometry, color }) => {
      const mesh = instances(scene, geometry, new MeshLambertMaterial({ color, ...(ghost ? SEEN_THROUGH : {}) }), capacity);
      mesh.castShadow = !ghost;
      mesh.onBeforeShadow = () => (mesh.count = Math.min(mesh.count, this.shadows));
      mesh.onAfterShadow = () => (mesh.count = this.count);
      return { joint, mesh };
    });
    this.blobs = ghost ? null : new Blobs(scene, capacity);
  }

  /** Show these poses: `count` times poseFloats floats. */
  show(poses, count) {
    const { skeleton } = this;
    for (let index = 0; index < count; index++) {
      const world = this.worldOf(index);
      skeleton.world(poses, index * skeleton.poseFloats, world);
      for (const { joint, mesh } of this.parts) mesh.instanceMatrix.array.set(writeMatrix(world, joint, this.matrix), 16 * index);
    }
    this.count = count;
    for (const { mesh } of this.parts) commit(mesh, count);
    this.blobs?.show(this, this.shadows, count);
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
    this.blobs?.dispose();
  }
}
