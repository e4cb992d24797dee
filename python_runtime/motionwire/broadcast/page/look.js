// Turning the camera by Q and E or a gamepad's right stick; the mouse does it in vendor/OrbitControls.js.

import { readGamepads } from "./gamepad.js";
import { HeldKeys } from "./keys.js";

const KEYS = { KeyQ: 1, KeyE: -1 };
const RADIANS_PER_S = 2.5;

export class Look {
  constructor() {
    this.keys = new HeldKeys(Object.keys(KEYS));
  }

  /** How far the camera turns over these seconds: yaw, pitch in radians. */
  read(seconds) {
    const { look } = readGamepads();
    let yaw = -look[0];
    for (const code of this.keys) yaw += KEYS[code];
    return { yaw: RADIANS_PER_S * seconds * yaw, pitch: -RADIANS_PER_S * seconds * look[1] };
  }
}
