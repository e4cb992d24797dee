// Everything on the page that is text: bundle and licence, read-outs, the sentence box, suggestions, what is being acted.
// Text from the server goes into textContent only, never into markup.

const NOTICE_MS = 6000;

const get = (id) => document.getElementById(id);

export class Panel {
  /** onSentence(text) and onStop() are called when the user asks for them; clock: see clock.js. */
  constructor({ onSentence, onStop, clock }) {
    this.onSentence = onSentence;
    this.clock = clock;
    get("say").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = get("sentence").value.trim();
      if (text) onSentence(text);
      get("view").focus(); // the keys move the character again
    });
    get("sentence").addEventListener("keydown", (event) => event.code === "Escape" && get("view").focus());
    get("stop").addEventListener("click", onStop);
    get("pause").addEventListener("click", () => this.pause());
    get("step").addEventListener("click", () => clock.step());
    get("speed-factor").addEventListener("change", (event) => (clock.speed = Number(event.target.value)));
  }

  pause() {
    this.clock.paused = !this.clock.paused;
    get("pause").setAttribute("aria-pressed", `${this.clock.paused}`);
    get("step").disabled = !this.clock.paused;
  }

  /** Names of the controller's styles, the neutral one first. */
  styles(names) {
    get("style").replaceChildren(...names.map((name, index) => new Option(name, `${index}`)));
    get("style").hidden = names.length < 2;
  }

  /** Number of the style that is chosen. */
  get style() {
    return Number(get("style").value);
  }

  status(text) {
    get("status").textContent = text;
  }

  /** sentences: what is acted now and what waits after it. */
  acting([now, ...waiting]) {
    get("acting").textContent = now ? [`acting: ${now}`, ...waiting].join(" · then ") : "";
  }

  /** Something went wrong, in words; goes away by itself. */
  notice(text) {
    get("notice").textContent = text;
    clearTimeout(this.noticeTimer);
    this.noticeTimer = setTimeout(() => (get("notice").textContent = ""), NOTICE_MS);
  }

  bundle(name, licence) {
    get("bundle").textContent = `bundle ${name}`;
    get("licence").textContent = `licence: ${licence}`;
  }

  /** Sentences that the model was trained on, as buttons. */
  suggestions(sentences) {
    get("sentence").placeholder = sentences[0] ?? "";
    get("suggestions").replaceChildren(
      ...sentences.map((sentence) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = sentence;
        button.addEventListener("click", () => {
          get("sentence").value = sentence;
          this.onSentence(sentence);
        });
        return button;
      }),
    );
  }

  /** Sentences are acted only by bundles with a text-to-motion model. */
  sentencesAllowed(allowed) {
    for (const id of ["sentence", "act", "stop"]) get(id).disabled = !allowed;
    get("suggestions").hidden = !allowed;
  }

  readouts({ roundTripMs, tick, picturesPerS, place, metresPerS }) {
    get("round-trip").textContent = roundTripMs === null ? "–" : `${roundTripMs.toFixed(1)} ms`;
    get("tick").textContent = `${tick}`;
    get("pictures").textContent = `${picturesPerS.toFixed(0)} /s`;
    get("speed").textContent = `${metresPerS.toFixed(1)} m/s`;
    get("place").textContent = place.map((metres) => metres.toFixed(2)).join(", ");
  }
}
