// Pause, single frames and slow motion: buttons of the page that move a clock.

import { onKeys } from "./keys.js";

const get = (id) => document.getElementById(id);

export function bindTime(clock) {
  const pause = () => {
    clock.paused = !clock.paused;
    get("pause").setAttribute("aria-pressed", `${clock.paused}`);
    get("step").disabled = !clock.paused;
  };
  get("pause").addEventListener("click", pause);
  get("step").addEventListener("click", () => clock.step());
  get("speed-factor").addEventListener("change", (event) => {
    clock.speed = Number(event.target.value);
    get("view").focus();
  });
  onKeys({ KeyP: pause, Period: () => clock.step() });
}
