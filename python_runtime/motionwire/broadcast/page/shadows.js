// Shadows of figures without a GPU, where a shadow map takes as long as all the rest of the picture: a coarse body once more, pressed
// onto the ground along the sun's rays (J. Blinn, "Me and My (Fake) Shadow", 1988). The stencil keeps parts from darkening twice.

import { MeshBasicMaterial, NotEqualStencilFunc, ReplaceStencilOp } from "./vendor/three.module.min.js";
import { bodyParts, COARSE } from "./body.js";
import { commit, dismiss, instances } from "./instances.js";
import { SUN } from "./ground.js";

const HEIGHT = 0.003; // metres over the ground
const LOOK = {
  color: 0x2a333c, transparent: true, opacity: 0.32, depthWrite: false,
  stencilWrite: true, stencilRef: 1, stencilFunc: NotEqualStencilFunc, stencilZPass: ReplaceStencilOp,
};

export class FlatShadows {
  constructor(scene, figures) {
    const [x, z] = [-SUN.x / SUN.y, -SUN.z / SUN.y];
    this.meshes = bodyParts(figures.skeleton, COARSE).map(({ joint, geometry }) => {
      const mesh = instances(scene, geometry, new MeshBasicMaterial(LOOK), figures.capacity);
      mesh.instanceMatrix = figures.parts.find((part) => part.joint === joint).mesh.instanceMatrix;
      mesh.matrix.fromArray([1, 0, 0, 0, x, 0, z, 0, 0, 0, 1, 0, 0, HEIGHT, 0, 1]);
      mesh.matrixAutoUpdate = false;
      return mesh;
    });
  }

  /** Of the first `count` figures. */
  show(count) {
    for (const mesh of this.meshes) commit(mesh, count);
  }

  dispose() {
    for (const mesh of this.meshes) dismiss(mesh);
  }
}
