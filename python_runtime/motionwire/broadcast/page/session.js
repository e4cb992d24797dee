// One session with the runtime over a WebSocket: the same MessagePack messages as the ZeroMQ wire (engine_bridge/protocol/
// SPEC.md), one per binary frame. Opens a new session by itself when the server goes away or forgets it.

import { decode, encode } from "./msgpack.js";

const PROTOCOL = 1;
const PING_MS = 1000;
const PINGS = 10; // that are remembered
const QUIET_MS = 2500; // nothing heard for so long: said to the user
const SILENCE_MS = 6000; // and the connection counts as lost
const RETRY_MS = [250, 500, 1000, 2000];

export class Session {
  /** onState(text): "" while all is well, else what is going on; onMessage(message): everything but pongs. */
  constructor(url, { onState, onMessage }) {
    Object.assign(this, { url, onState, onMessage });
    this.ready = false; // welcome received, and no sign since that the server forgot us
    this.quiet = false; // told that the server does not answer
    this.roundTrips = []; // of the last pings, ms
    this.bytesReceived = 0;
    this.attempts = 0;
    this.refs = 0;
    setInterval(() => this.ping(), PING_MS);
    this.open();
  }

  open() {
    this.socket = new WebSocket(this.url);
    this.socket.binaryType = "arraybuffer";
    this.heard = performance.now();
    this.socket.addEventListener("open", () => this.hello());
    this.socket.addEventListener("message", (event) => this.receive(event.data));
    this.socket.addEventListener("close", () => this.lost());
  }

  hello() {
    this.send({ t: "hello", proto: PROTOCOL, client: "motionwire-viewer", engine: "browser" });
  }

  lost() {
    this.ready = false;
    this.roundTrips = [];
    this.onState(this.attempts ? "The server is away. Trying to reach it again…" : "Connection lost. Reconnecting…");
    setTimeout(() => this.open(), RETRY_MS[Math.min(this.attempts, RETRY_MS.length - 1)]);
    this.attempts += 1;
  }

  receive(data) {
    this.heard = performance.now();
    this.bytesReceived += data.byteLength;
    const message = decode(data);
    if (this.quiet && this.ready) this.onState("");
    this.quiet = false;
    if (message.t === "pong") {
      this.roundTrips = [...this.roundTrips, performance.now() - 1000 * message.time].slice(-PINGS);
      return;
    }
    if (message.t === "welcome") {
      this.ready = true;
      this.attempts = 0;
      this.onState("");
    }
    if (message.t === "error" && message.code === "no_session" && this.ready) {
      this.ready = false;
      this.hello();
      return;
    }
    this.onMessage(message);
  }

  /** A number that the answer to the next request will carry as `ref`. */
  nextRef() {
    this.refs += 1;
    return this.refs;
  }

  send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(encode({ v: PROTOCOL, ...message }));
  }

  ping() {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const silence = performance.now() - this.heard;
    if (silence > SILENCE_MS) {
      this.socket.close();
      return;
    }
    if (silence > QUIET_MS && !this.quiet) {
      this.quiet = true;
      this.onState("The server does not answer. Waiting for it…");
    }
    if (this.ready) this.send({ t: "ping", time: performance.now() / 1000 });
  }
}
