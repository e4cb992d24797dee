// The live viewer: characters in lock-step with the runtime. Each picture sends a `step` with what the player wants, and draws the
// newest pose.

import { Acting } from "./acting.js";
import { Cast, MOST, PLAYER } from "./cast.js";
import { Choices } from "./choices.js";
import { Clock, FRAME } from "./clock.js";
import { Controls } from "./controls.js";
import { download } from "./download.js";
import { Drive } from "./drive.js";
import { onKeys } from "./keys.js";
import { LockStep } from "./lockstep.js";
import { Look } from "./look.js";
import { Meter } from "./meter.js";
import { floats } from "./msgpack.js";
import { begin, notice, status } from "./notices.js";
import { showMeter, showState } from "./readouts.js";
import { Recorder } from "./recorder.js";
import { Scenery } from "./scenery.js";
import { post } from "./server.js";
import { Session } from "./session.js";
import { Skeleton } from "./skeleton.js";
import { Stage } from "./stage.js";
import { bindTime } from "./timebar.js";

const ROOMS = [1, 8, MOST]; // characters that the scene is made for

class Viewer {
  constructor(about) {
    this.canvas = document.getElementById("view");
    this.clock = new Clock();
    this.stage = new Stage(this.canvas);
    this.scenery = new Scenery(this.stage);
    this.recorder = new Recorder();
    this.meter = new Meter();
    this.acting = new Acting({ onSentence: (text) => this.say(text), onStop: () => this.stop() });
    this.choices = new Choices({
      onCount: (count) => this.crowd(count),
      onBundle: (name) => this.load(name),
      onModel: () => this.session.hello(),
    });
    this.controls = new Controls(document.getElementById("stick"), () => this.takeOver());
    this.look = new Look();
    bindTime(this.clock);
    this.bindKeys();
    this.frames = []; // poses that came and are not drawn yet
    this.lastFrame = performance.now();
    this.know(about);
    this.drive = new Drive(about.script); // the scripted stick, until the player takes over
    this.cast = new Cast((message) => this.session.send(message));
    this.lockstep = new LockStep((message) => this.session.send(message));
    this.stand(about);
    this.stage.render(); // the first picture does not wait for the runtime
    performance.mark("first-picture");
    this.session = new Session(`ws://${location.host}/socket`, { onState: status, onMessage: (message) => this.receive(message) });
    this.stage.renderer.setAnimationLoop((now) => this.frame(now));
  }

  bindKeys() {
    const show = { KeyT: "desired", KeyY: "predicted", KeyC: "contacts", KeyH: "phase", KeyG: "raw", KeyF: "strafe" };
    for (const [code, what] of Object.entries(show)) onKeys({ [code]: () => this.choices.toggle(what) });
    onKeys({ Digit1: () => this.choices.gait(0), Digit2: () => this.choices.gait(1), Digit3: () => this.choices.gait(2) });
    for (const kind of ["bvh", "glb"]) document.getElementById(kind).addEventListener("click", () => this.save(kind));
  }

  /** What the server tells of its bundle. */
  know({ bundles, bundle, sentences }) {
    this.choices.bundles(bundles, bundle);
    this.acting.suggest(sentences);
    this.sentences = sentences;
  }

  /** The figure as it stands before the first pose. */
  stand({ skeleton: { names, parents, offsets }, standing }) {
    this.skeleton = new Skeleton(names, parents, offsets);
    this.scenery.make(this.skeleton, 1);
    this.scenery.stand(Float32Array.from(standing));
  }

  receive(message) {
    if (message.t === "welcome") this.welcome(message);
    else if (message.t === "pose") this.takePose(message);
    else if (message.t === "error") this.fail(message);
  }

  welcome({ skeleton, models }) {
    const told = new Skeleton(skeleton.names, skeleton.parents, floats(skeleton.offsets));
    if (!told.equals(this.skeleton)) this.skeleton = told;
    this.model = this.choices.models(models);
    this.acting.clear();
    this.acting.allow(this.model.acts);
    this.recorder.clear();
    this.lockstep.reset();
    this.frames = [];
    this.cast.enter(this.model.name);
    this.crowd(this.choices.count);
    fetch("about.json").then((answer) => answer.json()).then((about) => this.know(about), () => {}); // the next welcome asks again
  }

  /** So many characters. */
  crowd(count) {
    const many = this.cast.radius;
    if (this.session?.ready) this.cast.resize(count);
    this.scenery.make(this.skeleton, ROOMS.find((room) => count <= room));
    if (this.cast.radius !== many) this.stage.spread(this.cast.radius);
  }

  takePose(message) {
    const now = performance.now();
    const answered = this.lockstep.take(message, now);
    for (const event of message.events) this.event(event);
    if (!answered) return;
    const size = this.skeleton.poseFloats;
    const poses = floats(message.data);
    const [x, , z] = poses;
    const [fromX, fromZ] = this.cast.places.get(PLAYER);
    this.cast.remember(message.characters, poses, size);
    this.recorder.add(this.lockstep.time, poses.slice(0, size));
    this.meter.pose(message.ts, answered.seconds, answered.answerMs, Math.hypot(x - fromX, z - fromZ));
    this.frames.push({ message, poses });
    showState({ tick: message.seq, place: [x, z], buffered: this.frames.length, recordedS: this.recorder.seconds });
  }

  event({ kind, ref, message }) {
    if (kind === "act_begin") this.acting.begun(ref);
    if (kind === "act_end" || kind === "act_failed") this.acting.ended(ref);
    if (kind === "act_failed" || kind === "fault") notice(message);
  }

  fail({ of, ref, message }) {
    if (of === "step") this.lockstep.refused(ref);
    if (of === "act") this.acting.ended(ref);
    if (of === "hello") status(message);
    else notice(message);
  }

  act(text, seconds = 0) {
    const ref = this.session.nextRef();
    this.acting.asked(ref, text);
    const seed = Math.floor(Math.random() * 2 ** 32);
    this.session.send({ t: "act", character: PLAYER, text, seconds, queue: true, seed, ref });
  }

  say(text) {
    this.takeOver();
    this.act(text);
  }

  stop() {
    this.takeOver();
    this.acting.clear();
    this.session.send({ t: "stop", character: PLAYER });
  }

  takeOver() {
    this.drive = null;
  }

  async load(name) {
    status(`Loading bundle ${name}…`);
    await post("bundle", name).catch((error) => {
      status("");
      notice(error.message);
    });
  }

  async save(kind) {
    if (this.recorder.seconds === 0) notice("Nothing has moved yet.");
    else await download(kind, this.skeleton, this.recorder.take()).catch((error) => notice(error.message));
  }

  /** Input row of the player: velocity on the ground in m/s, forward is where the camera looks; facing; style. */
  wanted(stick, seconds) {
    const yaw = this.stage.yaw;
    const speed = this.choices.speed(stick.run);
    const [sine, cosine] = [speed * Math.sin(yaw), speed * Math.cos(yaw)];
    const [x, z] = this.drive ? this.scripted(seconds) : [stick.y * sine - stick.x * cosine, stick.y * cosine + stick.x * sine];
    return [x, z, this.choices.strafes && !this.drive ? yaw : NaN, this.choices.style];
  }

  /** Velocity from the script. */
  scripted(seconds) {
    const { velocity, begun } = this.drive.advance(seconds);
    if (begun?.acts && this.model.acts && this.sentences.length) {
      this.act(this.sentences[this.session.refs % this.sentences.length], begun.seconds);
    }
    return velocity;
  }

  frame(now) {
    const passed = Math.max(now - this.lastFrame, 0) / 1000;
    this.lastFrame = now;
    this.stage.turn(this.look.read(passed));
    const stick = this.controls.read();
    const seconds = this.clock.take(now);
    if (this.session.ready) this.ask(seconds, now, stick);
    this.show(seconds);
    if (this.clock.paused) this.stage.drawStill();
    else this.stage.draw(passed);
    this.meter.picture();
    const { bytesReceived, roundTrips } = this.session;
    const figures = this.meter.read(now, bytesReceived, roundTrips);
    if (figures) showMeter(figures, roundTrips.at(-1));
  }

  ask(seconds, now, stick) {
    const player = this.wanted(stick, seconds);
    this.lockstep.ask(seconds, now, () => ({
      characters: this.cast.numbers,
      input: this.cast.input(player, seconds, this.model.styles.length),
      debug: this.choices.debug,
    }));
  }

  /** Draw the newest frame that came. */
  show(seconds) {
    const frame = this.frames.pop();
    this.frames = [];
    if (frame) {
      this.scenery.show(frame, this.choices);
      this.stage.stale = true;
      this.canvas.dataset.tick = frame.message.seq;
    }
    this.stage.follow(this.scenery.root, this.clock.paused ? FRAME * Boolean(frame) : seconds); // a pose may come after its step's picture
  }
}

begin(async () => new Viewer(await (await fetch("about.json")).json()));
