// The last 30 s of motion that the page showed, as they came: uneven times, one pose each; of slow motion not more than is of use.

const SECONDS = 30;
const CLOSEST = 1 / 240; // seconds between two poses; the file has 60 a second
const SPARE = 600; // frames that are let go together

export class Recorder {
  constructor() {
    this.clear();
  }

  clear() {
    this.frames = []; // {time in s, pose Float32Array}, oldest first
    this.first = 0; // index of the oldest that still counts
  }

  add(time, pose) {
    if (this.frames.length > 0 && time - this.frames[this.frames.length - 1].time < CLOSEST) return;
    this.frames.push({ time, pose });
    while (this.frames[this.first].time < time - SECONDS) this.first += 1;
    if (this.first < SPARE) return;
    this.frames.splice(0, this.first);
    this.first = 0;
  }

  /** How much there is, seconds. */
  get seconds() {
    const { frames, first } = this;
    return frames.length - first < 2 ? 0 : frames[frames.length - 1].time - frames[first].time;
  }

  /** times Float64Array [T] from 0 on, poses Float32Array [T * poseFloats]. */
  take() {
    const kept = this.frames.slice(this.first);
    const size = kept[0].pose.length;
    const poses = new Float32Array(size * kept.length);
    kept.forEach(({ pose }, index) => poses.set(pose, size * index));
    return { times: Float64Array.from(kept, ({ time }) => time - kept[0].time), poses };
  }
}
