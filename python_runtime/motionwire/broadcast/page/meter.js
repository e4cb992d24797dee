// What is measured while characters run, over the last second or so.

const WINDOW_MS = 1000;

export class Meter {
  constructor() {
    this.start(performance.now(), 0);
  }

  start(now, bytes) {
    Object.assign(this, { since: now, bytesThen: bytes, pictures: 0, poses: [], metres: 0, motion: 0 });
  }

  picture() {
    this.pictures += 1;
  }

  /** A pose came: ts is the server's clock in s; seconds of motion it brought; answerMs after its step; metres the player went. */
  pose(ts, seconds, answerMs, metres) {
    this.poses.push({ ts, answerMs });
    this.motion += seconds;
    this.metres += metres;
  }

  /**
   * Every WINDOW_MS: {picturesPerS, ticksPerS, jitterMs, serverMs, bytesPerS, metresPerS}, else null. bytes: received so far;
   * roundTrips: of the last pings, which go the same way and back as a step, so that what the fastest step takes longer than the fastest
   * of them is the server's work on it.
   */
  read(now, bytes, roundTrips) {
    const passed = (now - this.since) / 1000;
    if (1000 * passed < WINDOW_MS) return null;
    const gaps = this.poses.slice(1).map((pose, index) => 1000 * (pose.ts - this.poses[index].ts));
    const answerMs = Math.min(...this.poses.map((pose) => pose.answerMs));
    const figures = {
      picturesPerS: this.pictures / passed,
      ticksPerS: this.poses.length / passed,
      jitterMs: deviation(gaps),
      serverMs: Math.max(0, answerMs - Math.min(...roundTrips)),
      bytesPerS: (bytes - this.bytesThen) / passed,
      metresPerS: this.motion ? this.metres / this.motion : null,
    };
    this.start(now, bytes);
    return figures;
  }
}

function deviation(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
