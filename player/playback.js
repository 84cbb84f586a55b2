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
 * @property {number} playbackRate
 */
/** @typedef {(type: string, data?: import("./beacons.js").Fields, ago_ms?: number) => void} Tell what happened so long ago */

/** A playhead that went on by this much moves; by the other one where the element did not say `playing`. */
const MOVED_S = { announced: 0.05, unannounced: 0.25 };
/** Who is stuck jumps over a gap, or to where it stands: a player. Nobody seeks by less than this. */
const NUDGE_S = 0.5;

/** States in which the viewer waits or watches. */
export const ACTIVE = new Set(["starting", "playing", "rebuffering", "seeking"]);

/**
 * What a media element's events mean: startup from the request to play, a stall only where media played and nobody
 * seeks or pauses, a seek until media moves again. Media moves when its playhead does: browsers say `playing` up to
 * 150 ms earlier, and now and then for nothing. Each method is an event of the element.
 */
export class Playback {
  /** @type {State} */
  state = "idle";
  started = false;
  /** Where the playhead stood when it was last known to stand. */
  #mark_s;
  /** When that was. */
  #marked_ms;
  /** Where it was when it was last looked at. */
  #seen_s = 0;
  /** The element has said `playing` since. */
  #announced = false;

  /** @param {Media} media @param {Tell} tell @param {() => number} now monotonic ms */
  constructor(media, tell, now) {
    this.media = media;
    this.tell = tell;
    this.now = now;
    this.#mark_s = media.currentTime;
    this.#marked_ms = now();
  }

  /** Another content: nothing of it was asked for, nothing has moved. */
  reset() {
    this.state = "idle";
    this.started = false;
    this.#mark();
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
    if (this.media.seeking) return;
    this.#mark();
    this.#announced = true;
  }

  timeupdate() {
    if (!this.media.paused) this.#look();
  }

  waiting() {
    this.#look();
    this.#announced = false;
    const { media } = this;
    const plays = this.state === "playing" || (this.state === "starting" && this.started);
    if (plays && !media.paused && !media.seeking && !media.ended) this.#enter("rebuffering", "stall_start");
  }

  pause() {
    this.#look();
    if (!this.media.ended && ACTIVE.has(this.state)) this.#enter("paused", "pause");
  }

  seeking() {
    const jump_s = this.media.currentTime - this.#seen_s;
    const nudge = jump_s >= 0 && jump_s < NUDGE_S;
    if (nudge && this.state === "playing") this.#enter("rebuffering", "stall_start");
    if (this.started && this.state !== "seeking" && !(nudge && this.state === "rebuffering"))
      this.#enter("seeking", "seek_start");
    this.#mark_s = this.media.currentTime;
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

  /** Does the playhead move? Then it began to when it left the mark. */
  #look() {
    const { media, state } = this;
    if (!media.seeking) this.#seen_s = media.currentTime;
    const moved_s = media.currentTime - this.#mark_s;
    const least_s = this.#announced ? MOVED_S.announced : MOVED_S.unannounced;
    if (moved_s < least_s || media.seeking || state === "playing") return;
    // If it has jumped as well, the way took no longer than there was time.
    const ago_ms = Math.min((moved_s * 1000) / (media.playbackRate || 1), this.now() - this.#marked_ms);
    const event = { rebuffering: "stall_end", seeking: "seek_end" }[/** @type {string} */ (state)];
    this.started = true;
    this.#enter("playing", event ?? "playing", undefined, ago_ms);
  }

  #mark() {
    this.#mark_s = this.#seen_s = this.media.currentTime;
    this.#marked_ms = this.now();
    this.#announced = false;
  }

  /** @param {State} state @param {string} event @param {import("./beacons.js").Fields} [data] @param {number} [ago_ms] */
  #enter(state, event, data, ago_ms) {
    this.state = state;
    this.#mark();
    this.tell(event, data, ago_ms);
  }
}
