// Everything in the picture that a pose message moves: the figures, and what explains them.

import { Contacts } from "./contacts.js";
import { showDial } from "./dial.js";
import { Figures } from "./figure.js";
import { floats } from "./msgpack.js";
import { DESIRED, Path, PREDICTED } from "./paths.js";

const DESIRED_SAMPLES = 12; // 5/6 s back to 1 s ahead
const PREDICTED_SAMPLES = 6;
const BESIDE = 0.9; // metres to the right, as the camera sees it, where the ghost stands
const NONE = new Float32Array(0);

export class Scenery {
  constructor(scene) {
    this.scene = scene;
    this.moved = []; // what is made for a skeleton and a number of characters
    this.desired = new Path(scene, DESIRED, DESIRED_SAMPLES);
    this.predicted = new Path(scene, PREDICTED, PREDICTED_SAMPLES);
    this.root = { x: 0, z: 0 }; // of the player, what the camera follows
  }

  /** Room for so many characters on a skeleton. */
  make(skeleton, capacity) {
    if (this.skeleton === skeleton && this.capacity === capacity) return;
    Object.assign(this, { skeleton, capacity });
    for (const made of this.moved) made.dispose();
    this.figures = new Figures(this.scene, skeleton, capacity);
    this.ghost = new Figures(this.scene, skeleton, 1, { ghost: true });
    this.contacts = new Contacts(this.scene, skeleton, capacity);
    this.moved = [this.figures, this.ghost, this.contacts];
  }

  /** One figure in this pose, and nothing else. */
  stand(pose) {
    this.figures.show(pose, 1);
  }

  /** message: a pose of the wire; poses: its data; choices.shows(what): which explanations are wanted; stage: see stage.js. */
  show({ message, poses }, choices, stage) {
    const count = Math.min(message.count, this.capacity);
    this.figures.shadows = stage.allThrowShadows ? count : 1;
    this.figures.show(poses, count);
    [this.root.x, this.root.z] = [poses[0], poses[2]];
    const contacts = floats(message.contacts);
    if (choices.shows("contacts")) this.contacts.show(this.figures, contacts, count);
    else this.contacts.hide();
    if (choices.shows("phase")) showDial(floats(message.phase)[0], contacts);
    // What is asked for with `debug` is missing from answers to steps that were sent before it was.
    const asked = (what) => (choices.shows(what) && message[what] ? floats(message[what]) : NONE);
    this.desired.show(asked("desired").subarray(0, 4 * DESIRED_SAMPLES));
    this.predicted.show(asked("predicted").subarray(0, 4 * PREDICTED_SAMPLES));
    this.showGhost(asked("raw"), stage.yaw);
  }

  showGhost(raw, yaw) {
    if (raw.length === 0) {
      this.ghost.hide();
      return;
    }
    raw[0] -= BESIDE * Math.cos(yaw);
    raw[2] += BESIDE * Math.sin(yaw);
    this.ghost.show(raw, 1);
  }
}
