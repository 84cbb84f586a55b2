import { Queue, byteLength } from "./queue.js";

/** @typedef {import("./transport.js").Answer} Answer */
/**
 * @typedef {object} Runtime what delivery needs of its surroundings; tests bring their own
 * @property {() => number} wall epoch ms
 * @property {() => number} mono monotonic ms
 * @property {(call: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 * @property {() => number} random 0 to 1
 * @property {(url: string, body: string) => Promise<Answer>} post
 */
/** @typedef {(sent: { url: string, body: string, answer: Answer, took_ms: number }) => void} OnAnswer */

export const LIMITS = {
  batch_ms: 10_000,
  batchEvents: 20,
  /** Of a body. Browsers let the last requests of a page have 64 KiB together. */
  bytes: 60_000,
  events: 1_000,
  backOff_ms: 1_000,
  longestBackOff_ms: 60_000,
};

/**
 * Brings events to the collector, in order and at least once, one request at a time.
 *
 * 2xx: delivered. 410: this session is not wanted, nothing more is sent to that url. 429, 408, 5xx or no answer: again
 * after a back-off (exponential, full jitter, never before `Retry-After`). 413: half as many. Any other refusal would
 * be the same the next time: the batch is dropped and counted.
 */
export class Delivery {
  #timer = /** @type {any} */ (undefined);
  #due_ms = Infinity;
  #notBefore_ms = 0;
  #askedToWait_ms = 0;
  #failures = 0;
  #urgent = false;
  #underWay = 0;
  #most = LIMITS.events;

  /**
   * @param {string} url
   * @param {(dropped: number) => object} head members of a batch beside its events
   * @param {Runtime} runtime
   * @param {OnAnswer} [onAnswer]
   */
  constructor(url, head, runtime, onAnswer) {
    this.url = url;
    this.head = head;
    this.runtime = runtime;
    this.onAnswer = onAnswer;
    this.queue = new Queue(LIMITS.events);
    this.stopped = false;
  }

  /** Another collector, from now on; also after the one before has answered 410. @param {string} url */
  redirect(url) {
    if (url === this.url) return;
    this.url = url;
    this.stopped = false;
    this.#failures = this.#notBefore_ms = this.#askedToWait_ms = 0;
    if (this.queue.length) this.#schedule(0);
  }

  /** @param {{ type: string }} event @param {boolean} urgent to be sent at once */
  add(event, urgent) {
    if (this.stopped) return;
    this.queue.add(event);
    this.#urgent ||= urgent;
    this.#schedule(this.#urgent || this.queue.length >= LIMITS.batchEvents ? 0 : LIMITS.batch_ms);
  }

  /** Sends what waits now: the page is hidden, and may not come back. A back-off is set aside, `Retry-After` is not. */
  flush() {
    if (this.queue.length && !this.#underWay && this.runtime.mono() >= this.#askedToWait_ms) void this.#send(false);
  }

  /** The page goes: the newest events that fit into one request, beside one that may be on its way. */
  leave() {
    if (this.queue.length && !this.stopped && this.runtime.mono() >= this.#askedToWait_ms) void this.#send(true);
  }

  /** @param {number} delay_ms */
  #schedule(delay_ms) {
    const now_ms = this.runtime.mono();
    const due_ms = Math.max(now_ms + delay_ms, this.#notBefore_ms);
    if (this.stopped || this.#underWay || due_ms >= this.#due_ms) return;
    this.runtime.clearTimeout(this.#timer);
    this.#due_ms = due_ms;
    this.#timer = this.runtime.setTimeout(() => void this.#send(false), due_ms - now_ms);
  }

  /** @param {boolean} last */
  async #send(last) {
    const { runtime, url } = this;
    runtime.clearTimeout(this.#timer);
    this.#due_ms = Infinity;
    const head = `${JSON.stringify(this.head(this.queue.dropped)).slice(0, -1)},"events":[`;
    const batch = this.queue.take(this.#most, LIMITS.bytes - byteLength(head), last);
    const body = `${head}${batch.map((event) => event.json).join()}]}`;
    this.#underWay++;
    this.#urgent = false;
    const began_ms = runtime.mono();
    const answer = await runtime.post(url, body);
    this.#underWay--;
    this.#settle(url, batch, answer);
    this.onAnswer?.({ url, body, answer, took_ms: Math.round(runtime.mono() - began_ms) });
  }

  /** @param {string} url @param {import("./queue.js").Waiting[]} batch @param {Answer} answer */
  #settle(url, batch, { status, retryAfter_ms = 0 }) {
    const { queue, runtime } = this;
    if (status === 410 && url === this.url) {
      this.stopped = true;
      queue.waiting = [];
    } else if (status === 413 && batch.length > 1) {
      this.#most = Math.ceil(batch.length / 2);
      queue.giveBack(batch);
      this.#schedule(0);
    } else if (status === 429 || status === 408 || status >= 500 || !status) {
      queue.giveBack(batch);
      const longest_ms = Math.min(LIMITS.longestBackOff_ms, LIMITS.backOff_ms * 2 ** this.#failures++);
      const now_ms = runtime.mono();
      this.#askedToWait_ms = retryAfter_ms && now_ms + retryAfter_ms;
      this.#notBefore_ms = now_ms + retryAfter_ms + runtime.random() * longest_ms;
      this.#schedule(0);
    } else {
      if (status >= 300) queue.dropped += batch.length;
      this.#failures = this.#notBefore_ms = this.#askedToWait_ms = 0;
      if (queue.length) this.#schedule(this.#urgent || queue.length >= LIMITS.batchEvents ? 0 : LIMITS.batch_ms);
    }
  }
}
