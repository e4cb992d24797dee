// A skeleton and its forward kinematics, on plain float arrays: a pose is 3 + 4 J floats as in the wire's `pose`.

export const PLACE = 7; // floats of a joint in the world: position x, y, z and rotation x, y, z, w

export class Skeleton {
  /** names [J], parents [J] (-1: root), offsets: 3 J numbers, rest offset of each joint from its parent in metres. */
  constructor(names, parents, offsets) {
    Object.assign(this, { names, parents, offsets: Float32Array.from(offsets) });
    this.joints = names.length;
    this.poseFloats = 3 + 4 * this.joints;
    this.worldFloats = PLACE * this.joints;
  }

  equals(other) {
    const same = (key) => this[key].length === other[key].length && this[key].every((value, index) => value === other[key][index]);
    return same("names") && same("parents") && same("offsets");
  }

  index(name) {
    return this.names.indexOf(name);
  }

  offset(joint) {
    return this.offsets.slice(3 * joint, 3 * joint + 3);
  }

  /** Joints in the world, PLACE floats each, of the pose that starts at `start` in `poses`; written to `out` (worldFloats). */
  world(poses, start, out) {
    const { parents, offsets, joints } = this;
    for (let joint = 0; joint < joints; joint++) {
      const at = PLACE * joint;
      const from = start + 3 + 4 * joint;
      const [x, y, z, w] = [poses[from], poses[from + 1], poses[from + 2], poses[from + 3]];
      const parent = parents[joint];
      if (parent < 0) {
        out.set([poses[start], poses[start + 1], poses[start + 2], x, y, z, w], at);
        continue;
      }
      const up = PLACE * parent;
      const [px, py, pz, pw] = [out[up + 3], out[up + 4], out[up + 5], out[up + 6]];
      const [ox, oy, oz] = [offsets[3 * joint], offsets[3 * joint + 1], offsets[3 * joint + 2]];
      // o + 2 w (v x o) + 2 v x (v x o), v the parent's vector part
      const [cx, cy, cz] = [2 * (py * oz - pz * oy), 2 * (pz * ox - px * oz), 2 * (px * oy - py * ox)];
      out[at] = out[up] + ox + pw * cx + py * cz - pz * cy;
      out[at + 1] = out[up + 1] + oy + pw * cy + pz * cx - px * cz;
      out[at + 2] = out[up + 2] + oz + pw * cz + px * cy - py * cx;
      out[at + 3] = pw * x + px * w + py * z - pz * y;
      out[at + 4] = pw * y - px * z + py * w + pz * x;
      out[at + 5] = pw * z + px * y - py * x + pz * w;
      out[at + 6] = pw * w - px * x - py * y - pz * z;
    }
    return out;
  }
}

/** Where a pose's root faces, radians, 0 = +Z. */
export function headingOf(poses, start = 0) {
  const [x, y, z, w] = poses.subarray(start + 3, start + 7);
  return Math.atan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y));
}

/** The rotation and place of a joint as the sixteen floats of a matrix, column after column. */
export function writeMatrix(world, joint, out) {
  const at = PLACE * joint;
  const [x, y, z, w] = [world[at + 3], world[at + 4], world[at + 5], world[at + 6]];
  out[0] = 1 - 2 * (y * y + z * z);
  out[1] = 2 * (x * y + z * w);
  out[2] = 2 * (x * z - y * w);
  out[3] = 0;
  out[4] = 2 * (x * y - z * w);
  out[5] = 1 - 2 * (x * x + z * z);
  out[6] = 2 * (y * z + x * w);
  out[7] = 0;
  out[8] = 2 * (x * z + y * w);
  out[9] = 2 * (y * z - x * w);
  out[10] = 1 - 2 * (x * x + y * y);
  out[11] = 0;
  out[12] = world[at];
  out[13] = world[at + 1];
  out[14] = world[at + 2];
  out[15] = 1;
  return out;
}
