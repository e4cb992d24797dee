// Gamepads of the "standard" mapping (https://www.w3.org/TR/gamepad/#remapping): left stick moves, right stick turns the camera.

const DEAD_ZONE = 0.15;
const RUN = [5, 7]; // right shoulder, right trigger

/** All connected gamepads together: move [x right, y forward], look [x right, y down], run. */
export function readGamepads() {
  const all = { move: [0, 0], look: [0, 0], run: false };
  for (const pad of navigator.getGamepads?.() ?? []) {
    if (!pad?.connected) continue;
    const [left, right] = [beyond(pad.axes[0], pad.axes[1]), beyond(pad.axes[2], pad.axes[3])];
    all.move = [all.move[0] + left[0], all.move[1] - left[1]];
    all.look = [all.look[0] + right[0], all.look[1] + right[1]];
    all.run ||= RUN.some((button) => pad.buttons[button]?.pressed);
  }
  return all;
}

// A stick's two axes without its dead zone, scaled so that the value starts at 0 just outside it.
function beyond(x = 0, y = 0) {
  const length = Math.hypot(x, y);
  if (length < DEAD_ZONE) return [0, 0];
  const scale = (length - DEAD_ZONE) / (1 - DEAD_ZONE) / length;
  return [x * scale, y * scale];
}
