// How finely a picture is drawn: machines that draw slowly, such as those without a GPU, get fewer pixels and fewer shadows.

const SLOW_MS = 34; // a picture
const JUDGED_MS = 1000; // of pictures, before more is given up
const SETTLE_MS = 400; // after a change: shaders compile, buffers grow
const FINEST_RATIO = 2; // device pixels a CSS pixel
// What is given up, step by step: device pixels a CSS pixel (at most), how many pictures share a shadow, shadows of a whole crowd.
const STEPS = [
  { ratio: FINEST_RATIO, shared: 1, wide: true },
  { ratio: 1, shared: 1, wide: false },
  { ratio: 0.85, shared: 2, wide: false },
  { ratio: 0.7, shared: 2, wide: false },
  { ratio: 0.55, shared: 3, wide: false },
];
const WITHOUT_GPU = 1; // the step to begin with

/** A WebGL context for the canvas: without a GPU it smooths no edges, which would take half as long again. */
export function openContext(canvas) {
  const alpha = false;
  const fast = canvas.getContext("webgl2", { alpha, antialias: true, failIfMajorPerformanceCaveat: true });
  return { context: fast ?? canvas.getContext("webgl2", { alpha, antialias: false }), hasGpu: Boolean(fast) };
}

export class Quality {
  /** onChange(): the picture needs another size. */
  constructor(renderer, hasGpu, onChange) {
    Object.assign(this, { renderer, onChange });
    this.step = hasGpu ? 0 : WITHOUT_GPU;
    this.isStill = false;
    renderer.shadowMap.autoUpdate = false;
    this.restart();
  }

  get pixelRatio() {
    return Math.min(window.devicePixelRatio, this.isStill ? FINEST_RATIO : STEPS[this.step].ratio);
  }

  /** Whether all of a crowd throws shadows, or those near the player only. */
  get wideShadows() {
    return STEPS[this.step].wide;
  }

  /** Before a picture of something that moves; seconds since the one before. */
  moving(seconds) {
    if (this.isStill) this.change(() => (this.isStill = false));
    this.drawn += 1;
    if (this.drawn % STEPS[this.step].shared === 0) this.renderer.shadowMap.needsUpdate = true;
    this.passedMs += Math.min(1000 * seconds, SETTLE_MS);
    if (this.passedMs <= SETTLE_MS) return;
    this.judged += 1;
    if (this.passedMs < SETTLE_MS + JUDGED_MS) return;
    const pictureMs = (this.passedMs - SETTLE_MS) / this.judged;
    if (pictureMs > SLOW_MS && this.step < STEPS.length - 1) this.change(() => (this.step += 1));
    else this.restart();
  }

  /** Before a still picture. */
  still() {
    this.renderer.shadowMap.needsUpdate = true;
    if (!this.isStill) this.change(() => (this.isStill = true));
  }

  restart() {
    Object.assign(this, { drawn: 0, judged: 0, passedMs: 0 });
    this.renderer.shadowMap.needsUpdate = true;
  }

  change(make) {
    make();
    this.restart();
    this.onChange();
  }
}
