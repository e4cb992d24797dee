// One motion file on stage: its poses at any time, its figure, its feet's contacts and its path.

import { Contacts } from "./contacts.js";
import { Figures } from "./figure.js";
import { floats } from "./msgpack.js";
import { Path, TRAVELLED } from "./paths.js";
import { headingOf, Skeleton } from "./skeleton.js";

const PATH_S = 4; // how much of the path is shown around now
const PATH_STEP_S = 0.2;
const NONE = new Float32Array(0);

export class Clip {
  /** told: as the server's clips.py sends it; lane: metres to the left at which it starts. */
  constructor(stage, told, lane) {
    const { name, fps, frames, names, parents, offsets, data, contacts } = told;
    this.skeleton = new Skeleton(names, parents, floats(offsets));
    Object.assign(this, { name, fps, frames, poses: floats(data), soft: floats(contacts) });
    const size = this.skeleton.poseFloats;
    const [x, , z] = this.poses;
    for (let frame = 0; frame < frames; frame++) {
      this.poses[frame * size] += lane - x;
      this.poses[frame * size + 2] -= z;
    }
    this.figures = new Figures(stage, this.skeleton, 1, stage.quality.cuts.player);
    this.contacts = new Contacts(stage.scene, this.skeleton, 1);
    this.path = new Path(stage.scene, TRAVELLED, PATH_S / PATH_STEP_S + 1);
  }

  get seconds() {
    return (this.frames - 1) / this.fps;
  }

  frameAt(seconds) {
    return Math.min(this.frames - 1, Math.max(0, Math.round(seconds * this.fps)));
  }

  poseAt(seconds) {
    const start = this.frameAt(seconds) * this.skeleton.poseFloats;
    return this.poses.subarray(start, start + this.skeleton.poseFloats);
  }

  /** Stand as at this time; past its end it stands still. shows(what): which explanations are wanted. Returns the root [x, z]. */
  show(seconds, shows) {
    const pose = this.poseAt(seconds);
    this.figures.show(pose, 1);
    const frame = this.frameAt(seconds);
    if (shows("contacts")) this.contacts.show(this.figures, this.soft.subarray(4 * frame, 4 * frame + 4), 1);
    else this.contacts.hide();
    this.path.show(shows("path") ? this.samples(seconds) : NONE);
    return [pose[0], pose[2]];
  }

  /** Where the root is around this time: x, z, heading, speed each. */
  samples(seconds) {
    const last = this.seconds;
    const start = Math.max(0, Math.ceil((seconds - PATH_S / 2) / PATH_STEP_S));
    const stop = Math.min(Math.floor(last / PATH_STEP_S), Math.floor((seconds + PATH_S / 2) / PATH_STEP_S));
    const samples = [];
    for (let step = start; step <= stop; step++) {
      const at = step * PATH_STEP_S;
      const [pose, next] = [this.poseAt(at), this.poseAt(at + PATH_STEP_S)];
      const speed = Math.hypot(next[0] - pose[0], next[2] - pose[2]) / PATH_STEP_S;
      samples.push(pose[0], pose[2], headingOf(pose), speed);
    }
    return Float32Array.from(samples);
  }
}
