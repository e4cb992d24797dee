// What the player wants: WASD or arrows, a gamepad, or a thumb on the touch stick, as one stick position.

const KEYS = {
  KeyW: [0, 1], ArrowUp: [0, 1], KeyS: [0, -1], ArrowDown: [0, -1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
};
const CAMERA_KEYS = { KeyQ: 1, KeyE: -1 };
const DEAD_ZONE = 0.15;
const GAMEPAD_RUN = [5, 7]; // right shoulder, right trigger ("standard" mapping)
const CAMERA_RADIANS_PER_S = 2.5;

export class Controls {
  /**
   * touchStick: the element that a thumb drags; onFirstUse(): called once, when the player first moves the character;
   * commands: code of a key -> what to do when it is pressed.
   */
  constructor(touchStick, onFirstUse, commands) {
    this.commands = commands;
    this.held = new Set();
    this.shift = false;
    this.thumb = [0, 0];
    this.onFirstUse = onFirstUse;
    this.used = false;
    window.addEventListener("keydown", (event) => this.key(event, true));
    window.addEventListener("keyup", (event) => this.key(event, false));
    window.addEventListener("blur", () => this.release());
    document.addEventListener("visibilitychange", () => document.hidden && this.release());
    this.attachTouch(touchStick);
  }

  release() {
    this.held.clear();
    this.shift = false;
  }

  key(event, down) {
    this.shift = event.shiftKey;
    if (!down) {
      this.held.delete(event.code);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.code in this.commands && !event.repeat) this.commands[event.code]();
    if (!(event.code in KEYS || event.code in CAMERA_KEYS)) return;
    event.preventDefault();
    this.held.add(event.code);
    if (event.code in KEYS) this.use();
  }

  use() {
    if (this.used) return;
    this.used = true;
    this.onFirstUse();
  }

  attachTouch(element) {
    const knob = element.firstElementChild;
    const move = (event) => {
      const box = element.getBoundingClientRect();
      const radius = box.width / 2;
      const x = (event.clientX - box.left - radius) / radius;
      const y = (event.clientY - box.top - radius) / radius;
      const length = Math.max(1, Math.hypot(x, y));
      this.thumb = [x / length, -y / length];
      knob.style.transform = `translate(${(50 * x) / length}%, ${(50 * y) / length}%)`;
      this.use();
    };
    const end = () => {
      this.thumb = [0, 0];
      knob.style.transform = "";
    };
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      move(event);
    });
    element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && move(event));
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
  }

  /**
   * The stick now: x right, y forward, length at most 1; run: faster than a walk is wanted; and how far the camera should
   * turn over these seconds, radians.
   */
  read(seconds) {
    let [x, y] = this.thumb;
    let yaw = 0;
    let pitch = 0;
    for (const code of this.held) {
      x += KEYS[code]?.[0] ?? 0;
      y += KEYS[code]?.[1] ?? 0;
      yaw += (CAMERA_KEYS[code] ?? 0) * CAMERA_RADIANS_PER_S * seconds;
    }
    let run = this.shift;
    for (const pad of navigator.getGamepads?.() ?? []) {
      if (!pad?.connected) continue;
      const [left, right] = [beyond(pad.axes[0], pad.axes[1]), beyond(pad.axes[2], pad.axes[3])];
      if (left[0] || left[1]) this.use();
      x += left[0];
      y -= left[1];
      yaw -= right[0] * CAMERA_RADIANS_PER_S * seconds;
      pitch -= right[1] * CAMERA_RADIANS_PER_S * seconds;
      run ||= GAMEPAD_RUN.some((button) => pad.buttons[button]?.pressed);
    }
    const length = Math.max(1, Math.hypot(x, y));
    return { x: x / length, y: y / length, run, yaw, pitch };
  }
}

function typing(element) {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement;
}

// A stick's two axes without its dead zone, scaled so that the value starts at 0 just outside it.
function beyond(x = 0, y = 0) {
  const length = Math.hypot(x, y);
  if (length < DEAD_ZONE) return [0, 0];
  const scale = (length - DEAD_ZONE) / (1 - DEAD_ZONE) / length;
  return [x * scale, y * scale];
}
