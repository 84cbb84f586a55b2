import { Clock } from "./clock.js";
import { Delivery } from "./delivery.js";
import { post } from "./transport.js";

export const SDK = { name: "beacon-sdk", version: "0.5.0" };

/** Events that are sent at once; the others wait up to 10 s for company. */
const URGENT = new Set(["play_request", "playing", "stall_start", "stall_end", "error", "end"]);

/** @type {import("./delivery.js").Runtime} */
const BROWSER = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  setTimeout: (call, ms) => setTimeout(call, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  random: () => Math.random(),
  post,
};

/**
 * @typedef {object} Options
 * @property {string} url the collector: the invoke URL of the API, such as `https://….amazonaws.com/Default`
 * @property {string} [session] id of the playback session, at most 64 printable characters; a random one by default
 * @property {string} [content] id of what is watched, at most 128 characters
 * @property {number} [sampleRate] share of sessions that send beacons at all, 0 to 1
 * @property {Context} [context]
 * @property {import("./delivery.js").OnAnswer} [onAnswer] called with every answer of the collector
 * @property {import("./delivery.js").Runtime} [runtime] clocks, timers and transport, if not the browser's
 */
/**
 * @typedef {object} Context what is true of all events (`context` of the schema); each text at most 64 characters
 * @property {{ name?: string, version?: string }} [app]
 * @property {{ name?: string, version?: string }} [player]
 * @property {{ format?: "hls" | "dash" | "smooth" | "other", type?: "vod" | "live", cdn?: string, drm?: string }} [stream]
 * @property {Record<string, string | number | boolean>} [custom] at most 20
 */
/** @typedef {Record<string, string | number | boolean | undefined>} Fields measures, by the names of the schema */

/** 32 hexadecimal digits; `crypto.randomUUID` exists on https pages only. */
export function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same for the same id, spread evenly over 0 to 1 (FNV-1a, mixed). @param {string} id */
export function share(id) {
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/**
 * The beacons of one session: `record` numbers and times an event, and delivery brings it to the collector. Knows no
 * player and no page. Whether a session is sampled depends on its id alone; one that is not records nothing.
 */
export class Beacons {
  #seq = 0;

  /** @param {Options} options */
  constructor({ url, session = randomId(), content, sampleRate = 1, context = {}, onAnswer, runtime = BROWSER }) {
    this.runtime = runtime;
    this.session = session;
    this.content = content;
    this.context = context;
    this.sampled = share(session) < sampleRate;
    this.clock = new Clock(runtime.wall, runtime.mono);
    this.delivery = new Delivery(
      beaconsUrl(url, session),
      (dropped) => ({
        schema: "beacon/1",
        sent_at: Math.round(runtime.wall()),
        sdk: SDK,
        sample_rate: sampleRate,
        ...(dropped && { beacons_dropped: dropped }),
        context: this.context,
      }),
      runtime,
      onAnswer,
    );
  }

  /** Whether events are still recorded: the session is sampled, and its collector wants it. */
  get active() {
    return this.sampled && !this.delivery.stopped;
  }

  /** Where beacons go from now on. @param {string} url the invoke URL */
  set url(url) {
    this.delivery.redirect(beaconsUrl(url, this.session));
  }

  /**
   * Records an event. Fields that are undefined are left out.
   * @param {string} type a canonical event (`docs/metrics.md`), or a name of your own
   * @param {{ state?: string, playhead_ms?: number, rate?: number, data?: Fields, custom?: Fields }} [fields]
   * @param {number} [ago_ms] how long ago it happened, where that is seen only now
   */
  record(type, fields = {}, ago_ms = 0) {
    if (!this.active) return;
    const { ts, mono } = this.clock.at(ago_ms);
    const event = { type, session_id: this.session, seq: this.#seq++, ts, mono, content_id: this.content, ...fields };
    this.delivery.add(event, URGENT.has(type));
  }
}

/**
 * The front door looks into no body: by `session` it keeps the records of one session together, and can refuse it.
 * @param {string} url
 * @param {string} session
 */
function beaconsUrl(url, session) {
  return `${url.replace(/\/+$/, "")}/v1/beacons?session=${encodeURIComponent(session)}`;
}
