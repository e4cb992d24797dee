// Motion time: runs with the pictures, slower on demand, stands still while paused, and goes on by single frames.

export const FRAME = 1 / 30; // seconds of one step while paused
const LONGEST = 0.2; // seconds; a tab that slept goes on from where it was

export class Clock {
  constructor() {
    this.paused = false;
    this.speed = 1;
    this.last = performance.now();
    this.steps = 0; // frames, forward or back
  }

  /** So many frames on, while paused. */
  step(frames = 1) {
    if (this.paused) this.steps += frames;
  }

  /** Seconds of motion since the last call; now: milliseconds, as animation frames tell it. */
  take(now) {
    const passed = Math.min(Math.max(now - this.last, 0) / 1000, LONGEST);
    this.last = now;
    if (!this.paused) return passed * this.speed;
    if (this.steps === 0) return 0;
    const one = Math.sign(this.steps);
    this.steps -= one;
    return one * FRAME;
  }
}
