// The tools beside the picture that are chosen from: bundle, model, gait, style, what is shown, how many characters.

const get = (id) => document.getElementById(id);

const NEED_DEBUG = ["desired", "predicted", "raw"]; // the wire sends them on request only

export class Choices {
  /** onCount(n), onBundle(name), onModel(): the user has chosen. */
  constructor({ onCount, onBundle, onModel }) {
    get("count").addEventListener("input", () => {
      this.showCount();
      onCount(this.count);
    });
    get("bundle").addEventListener("change", () => onBundle(get("bundle").value));
    get("model").addEventListener("change", onModel);
    const showDial = () => get("dial").toggleAttribute("hidden", !this.shows("phase"));
    get("phase").addEventListener("change", showDial);
    showDial();
    for (const id of ["bundle", "model", "style", "gaits"]) get(id).addEventListener("change", () => get("view").focus());
    if (window.matchMedia("(max-width: 48rem)").matches) get("tools").open = false;
    this.showCount();
  }

  /** Speed in m/s on the ground; run: of the fastest gait. */
  speed(run) {
    const gaits = [...document.querySelectorAll("input[name=gait]")];
    const chosen = gaits.findIndex((gait) => gait.checked);
    return Number(gaits[run ? gaits.length - 1 : chosen].value);
  }

  /** Take a gait by its number. */
  gait(index) {
    document.querySelectorAll("input[name=gait]")[index].checked = true;
  }

  get strafes() {
    return get("strafe").checked;
  }

  shows(what) {
    return get(what).checked;
  }

  toggle(what) {
    get(what).checked = !get(what).checked;
    get(what).dispatchEvent(new Event("change"));
  }

  /** Whether anything is shown that the wire sends on request only. */
  get debug() {
    return NEED_DEBUG.some((what) => this.shows(what));
  }

  get count() {
    return Number(get("count").value);
  }

  showCount() {
    get("count-now").textContent = `${this.count}`;
  }

  /** bundles: [{name, version, licence}]; now: the name of the one that is served. */
  bundles(bundles, now) {
    get("bundle").replaceChildren(...bundles.map(({ name, version }) => new Option(`${name} ${version}`.trim(), name, false, name === now)));
    get("bundle").disabled = bundles.length < 2;
    get("licence").textContent = bundles.find(({ name }) => name === now)?.licence ?? "";
    get("licences").replaceChildren(
      ...bundles.map(({ name, licence }) => {
        const item = document.createElement("li");
        item.textContent = `${name}: ${licence}`;
        return item;
      }),
    );
  }

  /** models: as the welcome lists them. */
  models(models) {
    const before = get("model").value;
    get("model").replaceChildren(...models.map(({ name, licence }) => new Option(`${name} (${licence})`, name, false, name === before)));
    get("model-row").hidden = models.length < 2;
    const model = models.find(({ name }) => name === get("model").value);
    get("style").replaceChildren(...model.styles.map((name, index) => new Option(name, `${index}`)));
    get("style-row").hidden = model.styles.length < 2;
    return model;
  }

  get model() {
    return get("model").value;
  }

  /** Number of the style that is chosen. */
  get style() {
    return Number(get("style").value);
  }
}
