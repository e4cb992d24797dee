// The scripted stick of the demo: shows what the character can do until the player takes over.

const DEGREES = Math.PI / 180;

// Each leg lasts `seconds`; heading in degrees (0 = +Z, 90 = +X; none: stand), turning by `turn` degrees over the leg.
const LEGS = [
  { seconds: 1.0 },
  { seconds: 4.0, heading: 0 },
  { seconds: 3.0, heading: 0, turn: 150 },
  { seconds: 2.5, heading: 150 },
  { seconds: 3.5, heading: 150, run: true },
  { seconds: 2.5, heading: 150, turn: 120 },
  { seconds: 1.5 },
  { seconds: 7.0, act: true },
  { seconds: 3.0, heading: 270, turn: 90 },
];
const TOTAL = LEGS.reduce((sum, leg) => sum + leg.seconds, 0);

/** The stick at a time in seconds (it repeats): heading in radians or null, run, and the leg's number and whether it acts. */
export function scripted(time) {
  let left = time % TOTAL;
  const index = LEGS.findIndex((leg) => (left -= leg.seconds) < 0);
  const leg = LEGS[index];
  const share = 1 + left / leg.seconds;
  const heading = leg.heading === undefined ? null : (leg.heading + (leg.turn ?? 0) * share) * DEGREES;
  return { heading, run: leg.run ?? false, act: leg.act ?? false, leg: Math.floor(time / TOTAL) * LEGS.length + index };
}
