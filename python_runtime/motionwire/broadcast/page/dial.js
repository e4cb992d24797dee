// The phase dial: the gait's phase as a hand that goes round once per stride, left stance at the top, right stance at the bottom.

const get = (id) => document.getElementById(id);

/** phase in rad, 0 in the middle of the left stance; contacts: left heel, left toe, right heel, right toe, 0..1. */
export function showDial(phase, contacts) {
  get("hand").style.transform = `rotate(${phase}rad)`;
  get("left-lamp").style.opacity = Math.max(0.15, contacts[0], contacts[1]);
  get("right-lamp").style.opacity = Math.max(0.15, contacts[2], contacts[3]);
}
