// The clip viewer (`motionwire view`): motion files side by side, on one timeline that repeats.

import { Clip } from "./clip.js";
import { Clock } from "./clock.js";
import { onKeys } from "./keys.js";
import { Look } from "./look.js";
import { decode } from "./msgpack.js";
import { begin, status } from "./notices.js";
import { get } from "./server.js";
import { Stage } from "./stage.js";
import { bindTime } from "./timebar.js";

const APART = 1.8; // metres between lanes

const element = (id) => document.getElementById(id);

class ClipViewer {
  constructor() {
    this.stage = new Stage(element("view"));
    this.clock = new Clock();
    bindTime(this.clock);
    onKeys({ Comma: () => this.clock.step(-1), KeyT: () => element("path").click(), KeyC: () => element("contacts").click() });
    for (const id of ["path", "contacts"]) element(id).addEventListener("change", () => (this.stage.stale = true));
    this.look = new Look();
    this.clips = [];
    this.time = 0;
    this.stage.render();
  }

  async load() {
    const { clips: names } = await (await get("clips.json")).json();
    for (const [index, name] of names.entries()) {
      const item = document.createElement("li");
      const label = document.createElement("strong");
      label.textContent = name;
      item.append(label);
      element("lanes").append(item);
      const told = decode(new Uint8Array(await (await get(`clips/${index}`)).arrayBuffer()));
      const clip = new Clip(this.stage, told, ((names.length - 1) / 2 - index) * APART);
      item.append(` ${clip.frames} frames, ${Number(clip.fps.toFixed(2))} fps, ${clip.seconds.toFixed(2)} s`);
      this.clips.push(clip);
    }
    this.seconds = Math.max(...this.clips.map((clip) => clip.seconds));
    element("time").max = this.seconds;
    element("time").addEventListener("input", () => this.go(Number(element("time").value)));
    this.stage.spread(((names.length - 1) / 2) * APART);
    this.last = performance.now();
    this.go(0);
    status("");
    this.stage.renderer.setAnimationLoop((now) => this.frame(now));
  }

  /** Show this time. */
  go(seconds) {
    this.time = seconds;
    const shows = (what) => element(what).checked;
    const roots = this.clips.map((clip) => clip.show(seconds, shows));
    this.middle = {
      x: roots.reduce((sum, [x]) => sum + x, 0) / roots.length,
      z: roots.reduce((sum, [, z]) => sum + z, 0) / roots.length,
    };
    element("time").value = seconds;
    element("time-now").textContent = `${seconds.toFixed(2)} / ${this.seconds.toFixed(2)} s`;
    element("view").dataset.time = seconds.toFixed(3);
  }

  frame(now) {
    const passed = Math.max(now - this.last, 0) / 1000;
    this.last = now;
    this.stage.turn(this.look.read(passed));
    const seconds = this.clock.take(now);
    if (seconds || this.stage.stale) this.go(this.after(seconds));
    this.stage.follow(this.middle, passed);
    if (this.clock.paused) this.stage.drawStill();
    else this.stage.draw(passed);
  }

  /** The time so many seconds later; after the end comes the beginning, and before it the end. */
  after(seconds) {
    const time = this.time + seconds;
    if (time > this.seconds) return 0;
    return time < 0 ? this.seconds : time;
  }
}

begin(() => new ClipViewer().load());
