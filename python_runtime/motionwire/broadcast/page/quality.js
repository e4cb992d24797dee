// How finely a picture is drawn: machines that draw slowly, such as those without a GPU, get simpler shadows, coarser
// bodies and fewer pixels.

import { COARSE, FINE, MEDIUM } from "./body.js";

const SLOW_MS = 34; // a picture
const JUDGED_MS = 1000; // of pictures, before more is given up
const SETTLE_MS = 400; // after a change: shaders compile, buffers grow
const FINEST_RATIO = 2; // device pixels a CSS pixel
// What is given up, step by step: soft shadows, and device pixels a CSS pixel (at most).
const STEPS = [
  { soft: true, ratio: FINEST_RATIO },
  { soft: false, ratio: 1 },
  { soft: false, ratio: 0.85 },
  { soft: false, ratio: 0.7 },
  { soft: false, ratio: 0.55 },
];
const ASKED = { alpha: false, stencil: true };
const WITHOUT_GPU = 1; // the step to begin with

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i; // what drivers call themselves that draw on the CPU

/** A WebGL context for the canvas: without a GPU it smooths no edges, which would take half as long again. */
export function openContext(canvas) {
  const hasGpu = !SOFTWARE.test(rendererName());
  return { context: canvas.getContext("webgl2", { ...ASKED, antialias: hasGpu }), hasGpu };
}

// Asked of a context of its own, since a context's smoothing cannot be changed later. (failIfMajorPerformanceCaveat would say the same,
// but headless Chromium passes SwiftShader off as no caveat at times.)
function rendererName() {
  const probe = new OffscreenCanvas(1, 1).getContext("webgl2");
  const name = probe?.getParameter(probe.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? probe.RENDERER) ?? "";
  probe?.getExtension("WEBGL_lose_context")?.loseContext();
  return name;
}

export class Quality {
  /** onChange(): the picture needs another size. */
  constructor(renderer, hasGpu, onChange) {
    Object.assign(this, { renderer, hasGpu, onChange });
    this.step = hasGpu ? 0 : WITHOUT_GPU;
    this.isStill = false;
    renderer.shadowMap.autoUpdate = false;
    this.restart();
  }

  get pixelRatio() {
    return Math.min(window.devicePixelRatio, this.isStill ? FINEST_RATIO : STEPS[this.step].ratio);
  }

  /** Whether the sun's soft shadow falls, or what stands for it. */
  get soft() {
    return this.isStill || STEPS[this.step].soft;
  }

  /** How finely the player's figure is cut, and the others'. */
  get cuts() {
    return this.hasGpu ? { player: FINE, others: FINE } : { player: MEDIUM, others: COARSE };
  }

  /** Before a picture of something that moves; seconds since the one before. */
  moving(seconds) {
    if (this.isStill) this.change(() => (this.isStill = false));
    this.renderer.shadowMap.needsUpdate = this.soft;
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
    Object.assign(this, { judged: 0, passedMs: 0 });
  }

  change(make) {
    make();
    this.restart();
    this.onChange();
  }
}
