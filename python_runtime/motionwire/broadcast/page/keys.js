// The keyboard: keys that are held, and keys that do something once. Both leave alone what is typed into a field.

export class HeldKeys {
  /** codes: the keys that count; onPress(): one of them goes down. */
  constructor(codes, onPress = () => {}) {
    this.codes = new Set(codes);
    this.onPress = onPress;
    this.held = new Set();
    this.shift = false;
    window.addEventListener("keydown", (event) => this.press(event));
    window.addEventListener("keyup", (event) => this.release(event));
    window.addEventListener("blur", () => this.releaseAll());
    document.addEventListener("visibilitychange", () => document.hidden && this.releaseAll());
  }

  press(event) {
    this.shift = event.shiftKey;
    if (!this.codes.has(event.code) || !forTheStage(event)) return;
    event.preventDefault();
    this.held.add(event.code);
    this.onPress();
  }

  release(event) {
    this.shift = event.shiftKey;
    this.held.delete(event.code);
  }

  releaseAll() {
    this.held.clear();
    this.shift = false;
  }

  [Symbol.iterator]() {
    return this.held.values();
  }
}

/** Call what belongs to a key when it is pressed; commands: code -> function. */
export function onKeys(commands) {
  window.addEventListener("keydown", (event) => {
    if (!event.repeat && event.code in commands && forTheStage(event)) commands[event.code]();
  });
}

// Not a shortcut of the browser, and not typed into a field or meant for one (arrow keys in a list, say).
function forTheStage({ target, ctrlKey, metaKey, altKey }) {
  return !(ctrlKey || metaKey || altKey || target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea"));
}
