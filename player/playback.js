/**
 * @typedef {"idle" | "starting" | "playing" | "rebuffering" | "seeking" | "paused" | "ended" | "failed"} State
 */
/**
 * @typedef {object} Media what is read of a media element
 * @property {number} currentTime
 * @property {boolean} paused
 * @property {boolean} seeking
 * @property {boolean} ended
 * @property {boolean} autoplay
 */
/** @typedef {(type: string, data?: import("./beacons.js").Fields) => void} Tell */

/** A playhead that went on by this much moves, whether or not the element said `playing`. */
const MOVED_S = 0.25;
/** Players get over a gap in the media by a jump of less than this while they stall; nobody sought. */
const NUDGE_S = 0.5;

/** States in which the viewer waits or watches. */
export const ACTIVE = new Set(["starting", "playing", "rebuffering", "seeking"]);

/**
 * What a media element's events mean: startup from the request to play, a stall only where media played and nobody
 * seeks or pauses, a seek until media moves again. Each method is an event of the element.
 */
export class Playback {
  /** @type {State} */
  state = "idle";
  started = false;
  /** Playhead when it last changed what it does. */
  #mark_s;

  /** @param {Media} media @param {Tell} tell */
  constructor(media, tell) {
    this.media = media;
    this.tell = tell;
    this.#mark_s = media.currentTime;
  }

  /** Another content: nothing of it was asked for, nothing has moved. */
  reset() {
    this.state = "idle";
    this.started = false;
  }

  /** Loading begins; with `autoplay` that is the request to play. */
  loadstart() {
    if (this.media.autoplay && this.media.paused && this.state === "idle") this.#enter("starting", "play_request");
  }

  play() {
    if (this.state !== "starting") this.#enter("starting", "play_request");
  }

  /** All is there, and yet it does not play: the browser refused `autoplay`, and the viewer's wait is no startup. */
  canplaythrough() {
    if (this.state === "starting" && this.media.paused) this.#enter("paused", "pause");
  }

  playing() {
    if (this.media.paused || this.media.seeking || this.state === "playing") return;
    const event = { rebuffering: "stall_end", seeking: "seek_end" }[/** @type {string} */ (this.state)];
    this.started = true;
    this.#enter("playing", event ?? "playing");
  }

  timeupdate() {
    if (this.media.currentTime - this.#mark_s >= MOVED_S) this.playing();
  }

  waiting() {
    const { media } = this;
    const plays = this.state === "playing" || (this.state === "starting" && this.started);
    if (plays && !media.paused && !media.seeking && !media.ended) this.#enter("rebuffering", "stall_start");
  }

  pause() {
    if (!this.media.ended && ACTIVE.has(this.state)) this.#enter("paused", "pause");
  }

  seeking() {
    const jump_s = this.media.currentTime - this.#mark_s;
    const nudge = this.state === "rebuffering" && jump_s >= 0 && jump_s < NUDGE_S;
    if (this.started && this.state !== "seeking" && !nudge) this.#enter("seeking", "seek_start");
  }

  seeked() {
    this.#mark_s = this.media.currentTime;
    if (this.state === "seeking" && this.media.paused) this.#enter("paused", "seek_end");
  }

  ended() {
    this.#enter("ended", "end", { end_reason: "ended" });
  }

  /** The media was taken away, by a player that is torn down or loads anew. */
  emptied() {
    if (this.started && ACTIVE.has(this.state)) this.#enter("paused", "pause");
  }

  /** @param {string} code @param {boolean} fatal @param {string} [message] @param {number} [status] of the response */
  error(code, fatal, message, status) {
    const data = { error_code: code, error_message: message?.slice(0, 256), fatal, response_code: status };
    if (fatal) this.#enter("failed", "error", data);
    else this.tell("error", data);
  }

  /** @param {State} state @param {string} event @param {import("./beacons.js").Fields} [data] */
  #enter(state, event, data) {
    this.state = state;
    this.#mark_s = this.media.currentTime;
    this.tell(event, data);
  }
}
