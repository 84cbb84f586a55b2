/** @typedef {{ startup_ms: number | null, stalls: number, stall_ms: number, seeks: number, pauses: number, plays: number, volumes: number, playing: boolean }} Seen */

const LOOK_MS = 25;
/** Before it moves, a browser's playhead jumps to where sound will begin, runs for some 20 ms and creeps. */
const MOVES_MS = 75;
/** A picture that stands still for this long has stalled (docs/metrics.md). */
const STALL_MS = 250;
/** Who is stuck jumps over a gap, or to where it stands: a player. Nobody seeks by less than this. */
const NUDGE_S = 0.5;

/**
 * What a person with a stopwatch would see: whether the playhead moves, looked at 40 times a second. Independent of the
 * beacons, so that the two can be compared.
 */
export class Stopwatch {
  /** @type {Seen} */
  seen = { startup_ms: null, stalls: 0, stall_ms: 0, seeks: 0, pauses: 0, plays: 0, volumes: 0, playing: false };
  #asked_ms = NaN;
  /** When it last moved, or was not meant to. */
  #moved_ms = performance.now();
  /** Since when it moves, or seems to. */
  #began_ms = NaN;
  #looked_ms = 0;
  #seeks = false;
  #excused = true;
  /** How long the picture had stood still when it was last looked at, without excuse. */
  #stood_ms = 0;

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
    video.addEventListener("seeking", () => {
      const jump_s = video.currentTime - last_s;
      last_s = video.currentTime;
      if (!this.#excused && jump_s >= 0 && jump_s < NUDGE_S) return;
      if (!this.#seeks && this.seen.startup_ms !== null) this.seen.seeks++;
      this.#seeks = true;
    });
    video.addEventListener("seeked", () => (this.#seeks = false));
    let level = video.volume;
    video.addEventListener("volumechange", () => {
      if (video.volume !== level) this.seen.volumes++;
      level = video.volume;
    });
    setInterval(() => {
      const now_s = video.seeking ? last_s : video.currentTime;
      this.#look((now_s - last_s) * 1000);
      last_s = now_s;
    }, LOOK_MS);
  }

  /** How long the picture has stood still, whatever the reason; 0 where nobody wants it to move. */
  get still_ms() {
    return this.video.paused || this.video.ended ? 0 : performance.now() - this.#moved_ms;
  }

  /** The stall that lasts right now, or 0: a seek is none. */
  get standing_ms() {
    return this.#excused ? 0 : this.still_ms;
  }

  /** @param {number} moved_ms of media, since the last look */
  #look(moved_ms) {
    const { video, seen } = this;
    const now_ms = performance.now();
    // Compared with the time since the last look, which is long where the page was late.
    const pace = moved_ms / (now_ms - this.#looked_ms) / (video.playbackRate || 1);
    if (pace < 0.5 || pace > 2) this.#began_ms = NaN;
    else if (Number.isNaN(this.#began_ms)) this.#began_ms = now_ms - moved_ms;
    const moves = now_ms - this.#began_ms >= MOVES_MS;
    if (video.paused || video.ended || this.#seeks) {
      // They end a stall, whoever asks for them: players jump by themselves, too.
      this.#count(this.#stood_ms);
      this.#excused = true;
      this.#began_ms = NaN;
    } else if (moves) {
      if (!this.#excused) this.#count(this.#began_ms - this.#moved_ms);
      if (seen.startup_ms === null && !Number.isNaN(this.#asked_ms)) seen.startup_ms = Math.round(this.#began_ms - this.#asked_ms);
      this.#excused = false;
    }
    if (moves || video.paused || video.ended) this.#moved_ms = now_ms;
    this.#stood_ms = this.standing_ms;
    this.#looked_ms = now_ms;
    seen.playing = moves;
  }

  /** @param {number} stood_ms */
  #count(stood_ms) {
    if (stood_ms < STALL_MS) return;
    this.seen.stalls++;
    this.seen.stall_ms += Math.round(stood_ms);
  }
}
