// The read-outs: numbers in the page's list, "–" for what is not known yet.

const known = (value, digits, unit) => (Number.isFinite(value) ? `${value.toFixed(digits)} ${unit}`.trim() : "–");

/** Put each text into the element of this id. */
function put(texts) {
  for (const [id, text] of Object.entries(texts)) document.getElementById(id).textContent = text;
}

/** As meter.js measures. */
export function showMeter({ picturesPerS, ticksPerS, jitterMs, serverMs, bytesPerS, metresPerS }, roundTripMs) {
  put({
    pictures: known(picturesPerS, 0, "/s"),
    ticks: known(ticksPerS, 0, "/s"),
    jitter: known(jitterMs, 1, "ms"),
    server: known(serverMs, 1, "ms"),
    "round-trip": known(roundTripMs, 1, "ms"),
    bytes: known(bytesPerS / 1000, 1, "kB/s"),
    speed: known(metresPerS, 1, "m/s"),
  });
}

/** With every pose: number of the newest, where the player stands, frames that wait to be drawn, what is recorded. */
export function showState({ tick, place, buffered, recordedS }) {
  put({
    tick: `${tick}`,
    place: place.map((metres) => metres.toFixed(2)).join(", "),
    buffered: `${buffered}`,
    recorded: `${recordedS.toFixed(0)} s`,
  });
}
