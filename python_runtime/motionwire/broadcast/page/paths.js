// A path on the ground: one arrowhead per sample, pointing where the character faces there, as long as it is fast.

import { BufferGeometry, Float32BufferAttribute, MeshBasicMaterial } from "./vendor/three.module.min.js";
import { commit, instances } from "./instances.js";

const SAMPLE = 4; // floats: x m, z m, heading rad, speed m/s, in the world
const SLOWEST = 0.8; // size of an arrow that stands, in those of one at 1.5 m/s

export const DESIRED = { color: 0x1f6fae, height: 0.012, size: 0.14 };
export const PREDICTED = { color: 0xd0602a, height: 0.018, size: 0.11 };
export const TRAVELLED = { color: 0x1f6fae, height: 0.012, size: 0.12 };

export class Path {
  /** look: colour, height over the ground and size in metres, see above; capacity: most samples. */
  constructor(scene, { color, height, size }, capacity) {
    Object.assign(this, { height, size });
    this.mesh = instances(scene, arrowhead(), new MeshBasicMaterial({ color }), capacity);
    this.matrix = new Float32Array(16);
    this.matrix[15] = 1;
  }

  /** Show these samples, SAMPLE floats each; none hides the path. */
  show(samples) {
    const count = Math.min(samples.length / SAMPLE, this.mesh.instanceMatrix.count);
    for (let index = 0; index < count; index++) {
      const [x, z, heading, speed] = samples.subarray(SAMPLE * index, SAMPLE * (index + 1));
      const width = this.size;
      const length = this.size * (SLOWEST + (1 - SLOWEST) * Math.min(3, speed / 1.5));
      const [sine, cosine] = [Math.sin(heading), Math.cos(heading)];
      this.matrix.set([width * cosine, 0, -width * sine, 0, 0, 1, 0, 0, length * sine, 0, length * cosine, 0, x, this.height, z]);
      this.mesh.instanceMatrix.array.set(this.matrix, 16 * index);
    }
    commit(this.mesh, count);
  }
}

// A flat arrowhead that points to +Z, about one unit wide.
function arrowhead() {
  const geometry = new BufferGeometry();
  const corners = [0, 0, 0.8, 0.55, 0, -0.5, 0, 0, -0.2, -0.55, 0, -0.5];
  geometry.setAttribute("position", new Float32BufferAttribute(corners, 3));
  geometry.setIndex([0, 1, 2, 0, 2, 3]);
  return geometry;
}
