// Many copies of one shape in one draw call, whose matrices are written straight into the array.

import { DynamicDrawUsage, InstancedMesh } from "./vendor/three.module.min.js";

/** A mesh of up to `capacity` copies; shows none yet. */
export function instances(scene, geometry, material, capacity) {
  const mesh = new InstancedMesh(geometry, material, capacity);
  mesh.instanceMatrix.setUsage(DynamicDrawUsage);
  mesh.frustumCulled = false; // its bounds would be those of copies that stand at the origin
  mesh.count = 0;
  scene.add(mesh);
  return mesh;
}

/** Show the first `count` copies as their matrices are now. */
export function commit(mesh, count) {
  mesh.count = count;
  mesh.instanceMatrix.needsUpdate = true;
}

/** The matrix of a flat copy at x, z and this height over the ground, `size` times as large. */
export function lay(mesh, index, x, height, z, size) {
  mesh.instanceMatrix.array.set([size, 0, 0, 0, 0, 1, 0, 0, 0, 0, size, 0, x, height, z, 1], 16 * index);
}

export function dismiss(mesh) {
  mesh.removeFromParent();
  mesh.geometry.dispose();
  mesh.material.map?.dispose();
  mesh.material.dispose();
  mesh.dispose();
}
