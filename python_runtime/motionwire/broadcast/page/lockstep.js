// The lock-step with the runtime: one `step` at a time asks for the motion since the last one, and its `pose` answers.

const LONGEST_STEP = 0.25; // seconds; the wire's limit
const ANSWER_MS = 2000; // a step without an answer for so long is asked again

export class LockStep {
  constructor(send) {
    this.send = send;
    this.seq = 0;
    this.owed = 0; // seconds of motion not yet asked for
    this.time = 0; // seconds of motion that the newest answer shows
    this.reset();
  }

  /** A new session: no answer is awaited. */
  reset() {
    this.pending = null; // {seq, seconds, sent} of the step without an answer
  }

  /** Ask for the motion of these seconds, and of those that could not be asked for yet; request(): characters, input, debug. */
  ask(seconds, now, request) {
    this.owed = Math.min(this.owed + seconds, LONGEST_STEP);
    if (this.owed === 0 || (this.pending && now - this.pending.sent < ANSWER_MS)) return;
    this.seq += 1;
    this.pending = { seq: this.seq, seconds: this.owed, sent: now };
    this.owed = 0;
    this.send({ t: "step", seq: this.seq, dt: this.pending.seconds, ...request() });
  }

  /** The step was refused: the next one may be asked. */
  refused(seq) {
    if (this.pending?.seq === seq) this.pending = null;
  }

  /** Take a pose: {seconds, answerMs} of the step that it answers, or null for one that nobody waits for any more. */
  take(message, now) {
    if (this.pending?.seq !== message.seq) return null;
    const { seconds, sent } = this.pending;
    this.pending = null;
    this.time += seconds;
    return { seconds, answerMs: now - sent };
  }
}
