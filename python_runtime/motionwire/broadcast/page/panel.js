// Everything on the page that is text: bundle and licence, read-outs, the sentence box, suggestions, what is being acted.
// Text from the server goes into textContent only, never into markup.

const NOTICE_MS = 6000;

const get = (id) => document.getElementById(id);

export class Panel {
  /** onSentence(text) and onStop() are called when the user asks for them. */
  constructor({ onSentence, onStop }) {
    this.onSentence = onSentence;
    get("say").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = get("sentence").value.trim();
      if (text) onSentence(text);
    });
    get("stop").addEventListener("click", onStop);
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

  /** bundle: {name, version, licence, commercial_use}. */
  bundle({ name, version, licence, commercial_use }) {
    get("bundle").textContent = `bundle ${name} ${version ?? ""}`.trim();
    const use = commercial_use ? "" : " · research and evaluation only";
    get("licence").textContent = licence ? `licence ${licence}${use}` : "";
  }

  /** Sentences that the model was trained on, as buttons. */
  suggestions(sentences) {
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
    for (const element of get("say").elements) element.disabled = !allowed;
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
