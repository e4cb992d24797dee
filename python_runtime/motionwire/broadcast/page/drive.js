// The scripted stick: shows what the character can do until the player takes over. Legs come from about.json:
// {seconds, speed in m/s, turn in rad/s, acts}.

export class Drive {
  constructor(legs) {
    this.legs = legs;
    this.index = 0;
    this.left = legs[0]?.seconds ?? Infinity; // seconds of this leg
    this.heading = 0;
  }

  /** After these seconds: velocity x, z in m/s, and the leg that has just begun, if one has. */
  advance(seconds) {
    if (this.legs.length === 0) return { velocity: [0, 0], begun: null };
    this.left -= seconds;
    const isNew = this.left <= 0;
    if (isNew) {
      this.index = (this.index + 1) % this.legs.length;
      this.left = this.legs[this.index].seconds;
    }
    const leg = this.legs[this.index];
    this.heading += leg.turn * seconds;
    return { velocity: [leg.speed * Math.sin(this.heading), leg.speed * Math.cos(this.heading)], begun: isNew ? leg : null };
  }
}
