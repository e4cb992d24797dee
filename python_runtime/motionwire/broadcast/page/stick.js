// The on-screen stick for touch: how far a thumb pushes it, x right and y forward, length at most 1.

export class Stick {
  /** element: the round area, with the knob as its first child; onPush(): the thumb moves it. */
  constructor(element, onPush) {
    Object.assign(this, { element, onPush });
    this.knob = element.firstElementChild;
    this.push = [0, 0];
    element.addEventListener("pointerdown", (event) => {
      element.setPointerCapture(event.pointerId);
      this.move(event);
    });
    element.addEventListener("pointermove", (event) => element.hasPointerCapture(event.pointerId) && this.move(event));
    element.addEventListener("pointerup", () => this.release());
    element.addEventListener("pointercancel", () => this.release());
  }

  move(event) {
    const box = this.element.getBoundingClientRect();
    const radius = box.width / 2;
    const x = (event.clientX - box.left - radius) / radius;
    const y = (event.clientY - box.top - radius) / radius;
    const length = Math.max(1, Math.hypot(x, y));
    this.push = [x / length, -y / length];
    this.knob.style.transform = `translate(${(50 * x) / length}%, ${(50 * y) / length}%)`;
    this.onPush();
  }

  release() {
    this.push = [0, 0];
    this.knob.style.transform = "";
  }
}
