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
  constructor(stage) {
    this.stage = stage;
    this.moved = []; // what is made for a skeleton and a number of characters
    this.desired = new Path(stage.scene, DESIRED, DESIRED_SAMPLES);
    this.predicted = new Path(stage.scene, PREDICTED, PREDICTED_SAMPLES);
    this.root = { x: 0, z: 0 }; // of the player, what the camera follows
  }

  /** Room for so many characters on a skeleton. */
  make(skeleton, capacity) {
    if (this.skeleton === skeleton && this.capacity === capacity) return;
    Object.assign(this, { skeleton, capacity });
    for (const made of this.moved) made.dispose();
    const { cuts } = this.stage.quality;
    const part = (room, cut) => ({
      figures: new Figures(this.stage, skeleton, room, cut),
      contacts: new Contacts(this.stage.scene, skeleton, room),
    });
    this.player = part(1, cuts.player);
    this.others = part(capacity, cuts.others);
    this.ghost = new Figures(this.stage, skeleton, 1, cuts.player, { ghost: true });
    this.moved = [this.ghost, ...[this.player, this.others].flatMap(Object.values)];
  }

  /** One figure in this pose, and nothing else. */
  stand(pose) {
    this.player.figures.show(pose, 1);
  }

  /** message: a pose of the wire; poses: its data; choices.shows(what): which explanations are wanted. */
  show({ message, poses }, choices) {
    const count = Math.min(message.count, this.capacity);
    const contacts = floats(message.contacts);
    const explain = choices.shows("contacts");
    this.showPart(this.player, poses, contacts, 1, explain);
    this.showPart(this.others, poses.subarray(this.skeleton.poseFloats), contacts.subarray(4), count - 1, explain);
    [this.root.x, this.root.z] = [poses[0], poses[2]];
    if (choices.shows("phase")) showDial(floats(message.phase)[0], contacts);
    // What is asked for with `debug` is missing from answers to steps that were sent before it was.
    const asked = (what) => (choices.shows(what) && message[what] ? floats(message[what]) : NONE);
    this.desired.show(asked("desired").subarray(0, 4 * DESIRED_SAMPLES));
    this.predicted.show(asked("predicted").subarray(0, 4 * PREDICTED_SAMPLES));
    this.showGhost(asked("raw"), this.stage.yaw);
  }

  showPart({ figures, contacts }, poses, planted, count, explain) {
    figures.show(poses, count);
    if (explain) contacts.show(figures, planted, count);
    else contacts.hide();
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
