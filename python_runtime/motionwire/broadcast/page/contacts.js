// Foot contacts: a disc under heel and toe of every foot, the fuller and greener the likelier it is planted.

import { CircleGeometry, Color, MeshBasicMaterial } from "./vendor/three.module.min.js";
import { commit, dismiss, instances, lay } from "./instances.js";
import { PLACE } from "./skeleton.js";

const JOINTS = ["left_ankle", "left_foot", "right_ankle", "right_foot"]; // heel and toe, in the order of the wire's `contacts`
const RADIUS = 0.085; // metres, at contact 1
const SMALLEST = 0.35; // of it, at contact 0
const HEIGHT = 0.008; // metres over the ground
const FREE = new Color(0x9aa5ae);
const PLANTED = new Color(0x1fa35a);
const FEET = JOINTS.length;

export class Contacts {
  constructor(scene, skeleton, capacity) {
    this.joints = JOINTS.map((name) => skeleton.index(name));
    this.mesh = instances(scene, new CircleGeometry(RADIUS, 24).rotateX(-Math.PI / 2), new MeshBasicMaterial(), FEET * capacity);
    this.mesh.setColorAt(0, FREE); // makes room for colours
    this.color = new Color();
  }

  /** contacts: 4 floats per figure; figures: what they stand in. */
  show(figures, contacts, count) {
    for (let index = 0; index < count; index++) {
      const world = figures.worldOf(index);
      this.joints.forEach((joint, foot) => {
        const at = FEET * index + foot;
        lay(this.mesh, at, world[PLACE * joint], HEIGHT, world[PLACE * joint + 2], SMALLEST + (1 - SMALLEST) * contacts[at]);
        this.mesh.setColorAt(at, this.color.lerpColors(FREE, PLANTED, contacts[at]));
      });
    }
    commit(this.mesh, FEET * count);
    this.mesh.instanceColor.needsUpdate = true;
  }

  hide() {
    this.mesh.count = 0;
  }

  dispose() {
    dismiss(this.mesh);
  }
}
