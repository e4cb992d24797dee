// The viewer: one character in lock-step with the runtime. Each picture sends a `step` with what the player wants, and
// draws the newest pose.

import { Clock, FRAME } from "./clock.js";
import { Controls } from "./controls.js";
import { Drive } from "./drive.js";
import { Figures, POSE_FLOATS } from "./figure.js";
import { floats } from "./msgpack.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { Stage } from "./stage.js";

const CHARACTER = 1;
const WALK = 1.3; // m/s
const RUN = 3.2;
const LONGEST_STEP = 0.25; // seconds; the wire's limit
const ANSWER_MS = 2000; // a step without an answer for so long is asked again
const READOUT_MS = 250;

class Viewer {
  constructor() {
    this.canvas = document.getElementById("view");
    this.clock = new Clock();
    this.panel = new Panel({ onSentence: (text) => this.say(text), onStop: () => this.stop(), clock: this.clock });
    this.stage = new Stage(this.canvas);
    this.controls = new Controls(document.getElementById("stick"), () => this.takeOver(), {
      KeyP: () => this.panel.pause(),
      Period: () => this.clock.step(),
    });
    this.sentences = [];
    this.figures = null;
    this.pose = null; // newest, Float32Array
    this.seq = 0;
    this.askedAt = null; // when the unanswered step was sent
    this.tick = 0; // seq of the newest pose
    this.shownTick = -1; // and of the one that the figure stands in
    this.lastFrame = performance.now();
    this.owed = 0; // seconds of motion not yet asked for
    this.asked = 0; // seconds of the newest step
    this.metresPerS = 0;
    this.acting = new Map(); // ref -> sentence
    this.drive = null; // the scripted stick, until the player takes over
    this.pictures = { drawn: 0, since: performance.now(), motion: 0, place: null };
    const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/socket`;
    const token = new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
    this.session = new Session(url, token, {
      onState: (text) => this.panel.status(text),
      onMessage: (message) => this.receive(message),
    });
    this.stage.renderer.setAnimationLoop((now) => this.frame(now));
  }

  async learn() {
    const answer = await fetch("about.json");
    if (!answer.ok) return;
    const { bundle, licence, sentences, script } = await answer.json();
    this.panel.bundle(bundle, licence);
    this.panel.suggestions(sentences);
    this.sentences = sentences;
    if (!this.controls.used && !this.drive) this.drive = new Drive(script);
  }

  receive(message) {
    if (message.t === "welcome") this.welcome(message);
    else if (message.t === "pose") this.takePose(message);
    else if (message.t === "error") this.fail(message);
  }

  welcome({ skeleton, models }) {
    const offsets = floats(skeleton.offsets);
    const triples = skeleton.names.map((_, joint) => offsets.slice(3 * joint, 3 * joint + 3));
    this.figures?.dispose();
    this.figures = new Figures({ names: skeleton.names, parents: skeleton.parents, offsets: triples }, 1);
    this.stage.scene.add(...this.figures.meshes);
    this.askedAt = null;
    this.shownTick = -1;
    this.canAct = models.some((model) => model.acts);
    this.panel.sentencesAllowed(this.canAct);
    this.panel.styles(models[0]?.styles ?? []);
    const [x, , z] = this.pose ?? [0, 0, 0]; // after a restart it goes on from where it was
    this.session.send({ t: "spawn", character: CHARACTER, transform: [x, 0, z, this.pose ? headingOf(this.pose) : 0] });
    this.acting.clear();
    this.showActing();
    this.learn().catch(() => {}); // the page works without; the next welcome tries again
  }

  takePose(message) {
    this.askedAt = null;
    const row = message.characters.indexOf(CHARACTER);
    if (row < 0 || !this.figures) return;
    this.tick = message.seq;
    this.pictures.motion += this.asked;
    const size = POSE_FLOATS(this.figures.joints);
    this.pose = floats(message.data).slice(row * size, (row + 1) * size);
    for (const event of message.events) this.event(event);
  }

  event({ kind, ref, message }) {
    if (kind === "act_end" || kind === "act_failed") this.acting.delete(ref);
    if (kind === "act_failed") this.panel.notice(message);
    if (kind.startsWith("act_")) this.showActing();
  }

  fail({ of, ref, message }) {
    if (of === "step") this.askedAt = null;
    if (of === "act") this.acting.delete(ref);
    this.showActing();
    if (of === "hello") this.panel.status(message);
    else this.panel.notice(message);
  }

  act(text, seconds = 0) {
    const ref = this.session.nextRef();
    this.acting.set(ref, text);
    const seed = Math.floor(Math.random() * 2 ** 32);
    this.session.send({ t: "act", character: CHARACTER, text, seconds, queue: true, seed, ref });
    this.showActing();
  }

  say(text) {
    this.takeOver();
    this.act(text);
  }

  stop() {
    this.takeOver();
    this.acting.clear();
    this.showActing();
    this.session.send({ t: "stop", character: CHARACTER });
  }

  takeOver() {
    this.controls.used = true;
    this.drive = null;
  }

  showActing() {
    this.panel.acting([...this.acting.values()]);
  }

  /** Velocity on the ground, m/s, that the stick asks for: forward is where the camera looks. */
  wanted(stick) {
    const speed = stick.run ? RUN : WALK;
    const yaw = this.stage.yaw;
    return [
      speed * (stick.y * Math.sin(yaw) - stick.x * Math.cos(yaw)),
      speed * (stick.y * Math.cos(yaw) + stick.x * Math.sin(yaw)),
    ];
  }

  /** The same from the script. */
  scripted(seconds) {
    const { velocity, begun } = this.drive.advance(seconds);
    if (begun?.acts && this.canAct && this.sentences.length) {
      this.act(this.sentences[this.session.refs % this.sentences.length], begun.seconds);
    }
    return velocity;
  }

  frame(now) {
    const passed = Math.max(now - this.lastFrame, 0) / 1000;
    this.lastFrame = now;
    const stick = this.controls.read(passed);
    this.stage.turn(stick.yaw, stick.pitch);
    const seconds = this.clock.take(now);
    if (this.session.ready) this.ask(seconds, stick);
    this.show(seconds);
    if (this.clock.paused) this.stage.drawStill();
    else this.stage.draw(passed);
    this.read(now);
  }

  show(seconds) {
    if (!this.pose || !this.figures) return;
    const isNew = this.shownTick !== this.tick;
    if (isNew) {
      this.shownTick = this.tick;
      this.root = this.figures.setPose(0, this.pose).clone();
      this.figures.setCount(1);
      this.figures.commit();
      this.stage.stale = true;
    }
    this.stage.follow(this.root, this.clock.paused ? FRAME * isNew : seconds); // a pose may come after its step's picture
    this.canvas.dataset.tick = this.tick;
  }

  /** Ask for the pose after these seconds, and those that could not be asked for yet. */
  ask(seconds, stick) {
    this.owed = Math.min(this.owed + seconds, LONGEST_STEP);
    const [x, z] = this.drive ? this.scripted(seconds) : this.wanted(stick);
    const now = performance.now();
    if (this.owed === 0 || (this.askedAt !== null && now - this.askedAt < ANSWER_MS)) return;
    const input = new Uint8Array(new Float32Array([x, z, NaN, this.panel.style]).buffer);
    this.seq += 1;
    this.session.send({ t: "step", seq: this.seq, characters: [CHARACTER], input, dt: this.owed });
    this.asked = this.owed;
    this.owed = 0;
    this.askedAt = now;
  }

  read(now) {
    this.pictures.drawn += 1;
    const { drawn, since, motion, place: from } = this.pictures;
    if (now - since < READOUT_MS || !this.pose) return;
    const place = [this.pose[0], this.pose[2]];
    if (from && motion > 0) this.metresPerS = Math.hypot(place[0] - from[0], place[1] - from[1]) / motion;
    this.panel.readouts({
      roundTripMs: this.session.roundTripMs,
      tick: this.tick,
      picturesPerS: (1000 * drawn) / (now - since),
      place,
      metresPerS: this.metresPerS,
    });
    this.pictures = { drawn: 0, since: now, motion: 0, place };
  }
}

/** Where the root faces, radians, 0 = +Z. */
function headingOf(pose) {
  const [x, y, z, w] = pose.subarray(3, 7);
  return Math.atan2(2 * (x * z + y * w), 1 - 2 * (x * x + y * y));
}

try {
  new Viewer();
} catch (error) {
  document.getElementById("status").textContent = `The viewer cannot start: ${error.message}`;
  throw error;
}
