// The sentence box: what to act out, suggestions, and the queue of what is being acted. Text goes into textContent only.

const get = (id) => document.getElementById(id);

export class Acting {
  /** onSentence(text), onStop(): the user asks for them. */
  constructor({ onSentence, onStop }) {
    this.onSentence = onSentence;
    this.queue = new Map(); // ref -> {text, begun}
    get("say").addEventListener("submit", (event) => {
      event.preventDefault();
      const text = get("sentence").value.trim();
      if (text) onSentence(text);
      get("view").focus(); // the keys move the character again
    });
    get("sentence").addEventListener("keydown", (event) => event.code === "Escape" && get("view").focus());
    get("stop").addEventListener("click", onStop);
  }

  /** Sentences are acted only by bundles with a text-to-motion model. */
  allow(allowed) {
    for (const id of ["sentence", "act", "stop"]) get(id).disabled = !allowed;
    get("suggestions").hidden = !allowed;
    get("sentence").placeholder = allowed ? this.first ?? "" : "this bundle acts no sentences";
  }

  /** Sentences that the model was trained on, as buttons. */
  suggest(sentences) {
    this.first = sentences[0];
    get("suggestions").replaceChildren(
      ...sentences.map((sentence) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = sentence;
        button.addEventListener("click", () => this.onSentence(sentence));
        return button;
      }),
    );
  }

  asked(ref, text) {
    this.queue.set(ref, { text, begun: false });
    this.show();
  }

  begun(ref) {
    if (this.queue.has(ref)) this.queue.get(ref).begun = true;
    this.show();
  }

  ended(ref) {
    this.queue.delete(ref);
    this.show();
  }

  clear() {
    this.queue.clear();
    this.show();
  }

  show() {
    get("queue").replaceChildren(
      ...[...this.queue.values()].map(({ text, begun }) => {
        const item = document.createElement("li");
        item.textContent = text;
        item.className = begun ? "now" : "";
        return item;
      }),
    );
  }
}
