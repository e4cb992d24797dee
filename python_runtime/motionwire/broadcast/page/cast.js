// Who is on stage: the player's character, and up to 99 others that wander about by themselves.

import { headingOf } from "./skeleton.js";

export const MOST = 100;
export const PLAYER = 1; // its number on the wire
const APART = 1.7; // metres between neighbours' homes
const ROAM = 1.1; // metres from home at which one turns back
const GOLDEN = Math.PI * (3 - Math.sqrt(5)); // homes lie on a sunflower's spiral, so any number of them fills a disc
const SPEEDS = [0.9, 1.3, 0, 1.6, 1.1];

export class Cast {
  constructor(send) {
    this.send = send;
    this.count = 1;
    this.alive = 0; // spawned in this session
    this.places = new Map(); // number -> [x, z, heading] where it stood last
    this.headings = new Map(); // number -> where it wants to go
  }

  /** Numbers on the wire. */
  get numbers() {
    return Array.from({ length: this.alive }, (_, index) => PLAYER + index);
  }

  /** How far from the player the outermost home is, metres. */
  get radius() {
    return this.count > 1 ? APART * Math.sqrt(this.count) : 0;
  }

  /** A new session knows nobody: everybody enters where they were. */
  enter(model) {
    this.model = model;
    this.alive = 0;
    this.resize(this.count);
  }

  /** So many characters from now on. */
  resize(count) {
    this.count = count;
    while (this.alive < count) this.spawn(PLAYER + this.alive);
    while (this.alive > count) this.despawn(PLAYER + this.alive - 1);
  }

  spawn(number) {
    const [x, z, heading] = this.places.get(number) ?? this.home(number);
    this.places.set(number, [x, z, heading]);
    this.headings.set(number, heading);
    this.send({ t: "spawn", character: number, model: this.model, transform: [x, 0, z, heading], seed: number });
    this.alive += 1;
  }

  despawn(number) {
    this.places.delete(number);
    this.send({ t: "despawn", character: number });
    this.alive -= 1;
  }

  /** Where a character belongs: around the place that the player had when the first others came. */
  home(number) {
    if (number === PLAYER) return [0, 0, 0];
    if (number === PLAYER + 1) this.centre = this.places.get(PLAYER);
    const index = number - PLAYER;
    const away = APART * Math.sqrt(index + 0.6);
    const angle = GOLDEN * index;
    return [this.centre[0] + away * Math.sin(angle), this.centre[1] + away * Math.cos(angle), angle];
  }

  /** Input rows of the wire for all characters: the player's [x, z, facing, style], and what the others do. */
  input(player, seconds, styles) {
    const rows = new Float32Array(4 * this.alive);
    rows.set(player);
    for (let index = 1; index < this.alive; index++) {
      const number = PLAYER + index;
      const [x, z] = this.places.get(number);
      const [homeX, homeZ] = this.home(number);
      const far = Math.hypot(homeX - x, homeZ - z) > ROAM;
      const wanted = far ? Math.atan2(homeX - x, homeZ - z) : this.headings.get(number) + seconds * (index % 3 - 1);
      this.headings.set(number, wanted);
      const speed = SPEEDS[index % SPEEDS.length];
      rows.set([speed * Math.sin(wanted), speed * Math.cos(wanted), NaN, index % Math.max(1, styles)], 4 * index);
    }
    return new Uint8Array(rows.buffer);
  }

  /** Remember where everybody is. poses: of `numbers`, size floats each. */
  remember(numbers, poses, size) {
    numbers.forEach((number, row) => {
      const start = row * size;
      if (this.places.has(number)) this.places.set(number, [poses[start], poses[start + 2], headingOf(poses, start)]);
    });
  }
}
