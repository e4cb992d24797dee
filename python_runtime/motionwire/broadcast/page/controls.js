// What the player wants: WASD or arrows, a gamepad, or a thumb on the touch stick, as one stick position.

import { readGamepads } from "./gamepad.js";
import { HeldKeys } from "./keys.js";
import { Stick } from "./stick.js";

const KEYS = {
  KeyW: [0, 1], ArrowUp: [0, 1], KeyS: [0, -1], ArrowDown: [0, -1],
  KeyA: [-1, 0], ArrowLeft: [-1, 0], KeyD: [1, 0], ArrowRight: [1, 0],
};

export class Controls {
  /** touchStick: the element that a thumb drags; onUse(): the player moves the character. */
  constructor(touchStick, onUse) {
    this.onUse = onUse;
    this.keys = new HeldKeys(Object.keys(KEYS), onUse);
    this.stick = new Stick(touchStick, onUse);
  }

  /** The stick now: x right, y forward, length at most 1; run: faster than the chosen gait is wanted. */
  read() {
    let [x, y] = this.stick.push;
    for (const code of this.keys) {
      x += KEYS[code][0];
      y += KEYS[code][1];
    }
    const pads = readGamepads();
    if (pads.move[0] || pads.move[1]) this.onUse();
    x += pads.move[0];
    y += pads.move[1];
    const length = Math.max(1, Math.hypot(x, y));
    return { x: x / length, y: y / length, run: this.keys.shift || pads.run };
  }
}
