/** @typedef {{ startup_ms: number | null, stalls: number, stall_ms: number, seeks: number, pauses: number, plays: number, volumes: number, playing: boolean }} Seen */

const LOOK_MS = 25;
/** A picture that stands still for this long has stalled (docs/metrics.md). */
const STALL_MS = 250;

/**
 * What a person with a stopwatch would see: whether the playhead moves, looked at 40 times a second. Independent of the
 * beacons, so that the two can be compared.
 */
export class Stopwatch {
  /** @type {Seen} */
  seen = { startup_ms: null, stalls: 0, stall_ms: 0, seeks: 0, pauses: 0, plays: 0, volumes: 0, playing: false };
  #asked_ms = NaN;
  #stood_ms = NaN;
  #excused = true;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
    let last_s = video.currentTime;
    video.addEventListener("play", () => {
      this.seen.plays++;
      if (this.seen.startup_ms === null) this.#asked_ms = performance.now();
    });
    video.addEventListener("pause", () => {
      if (!video.ended) this.seen.pauses++;
    });
    let seeking = false;
    video.addEventListener("seeking", () => {
      if (!seeking && this.seen.startup_ms !== null) this.seen.seeks++;
      seeking = true;
    });
    video.addEventListener("seeked", () => (seeking = false));
    let level = video.volume;
    video.addEventListener("volumechange", () => {
      if (video.volume !== level) this.seen.volumes++;
      level = video.volume;
    });
    setInterval(() => {
      const now_s = video.currentTime;
      this.#look(video.seeking ? 0 : (now_s - last_s) * 1000);
      last_s = now_s;
    }, LOOK_MS);
  }

  /** The stall that lasts right now, or 0. */
  get standing_ms() {
    return this.#excused || Number.isNaN(this.#stood_ms) ? 0 : performance.now() - this.#stood_ms;
  }

  /** @param {number} moved_ms of media, since the last look */
  #look(moved_ms) {
    const { video, seen } = this;
    const now_ms = performance.now();
    if (video.paused || video.ended || video.seeking) this.#excused = true;
    const moves = moved_ms !== 0;
    if (moves) {
      // A page that was late itself saw nothing stand still: the playhead went on meanwhile.
      const stood_ms = this.standing_ms - moved_ms;
      if (stood_ms >= STALL_MS) {
        seen.stalls++;
        seen.stall_ms += Math.round(stood_ms);
      }
      if (seen.startup_ms === null && !Number.isNaN(this.#asked_ms)) seen.startup_ms = Math.round(now_ms - this.#asked_ms);
      this.#stood_ms = now_ms;
      this.#excused = false;
    }
    seen.playing = moves;
  }
}
