import { Beacons } from "./beacons.js";
import { ACTIVE, Playback } from "./playback.js";

/** @typedef {import("./beacons.js").Fields} Fields */
/** @typedef {import("./beacons.js").Options & { heartbeat_ms?: number, tellsRenditions?: boolean }} VideoOptions
 *   `heartbeat_ms`: how often a viewer who waits or watches is told to be there; `tellsRenditions`: an adapter tells them */

/** A volume or size that is dragged is told once it rests. */
const REST_MS = 500;
const HEARTBEAT_MS = 40_000;
const SAME_ERROR_MS = 10_000;
const MEDIA_ERRORS = ["", "MEDIA_ERR_ABORTED", "MEDIA_ERR_NETWORK", "MEDIA_ERR_DECODE", "MEDIA_ERR_SRC_NOT_SUPPORTED"];

/** Events of the element that playback is made of. */
const LISTENED = /** @type {const} */ ([
  ...["loadstart", "canplaythrough", "emptied", "play", "playing", "pause", "waiting"],
  ...["timeupdate", "seeking", "seeked", "ended"],
]);
/** Events that announce what the player does now; their `state` goes with them. */
const STATED = new Set(
  "play_request playing pause stall_start stall_end seek_start seek_end heartbeat".split(" "),
);

/**
 * Sends beacons of what a media element does, until the page or the player goes.
 *
 *     import { watch } from "./video.js";
 *     watch(document.querySelector("video"), { url: "https://….execute-api.….amazonaws.com/Default" });
 *
 * @param {HTMLVideoElement} video
 * @param {VideoOptions} options
 */
export function watch(video, options) {
  return new Watching(video, options);
}

/** One session at one element. Adapters of players add what the element does not know. */
export class Watching {
  #listening = new AbortController();
  #volume = { level: 0, muted: false };
  #rate = 1;
  #resting = /** @type {Record<string, any>} */ ({});
  #beat = /** @type {any} */ (undefined);
  #left = false;
  #errors = /** @type {Map<string, number>} */ (new Map());

  /** @param {HTMLVideoElement} video @param {VideoOptions} options */
  constructor(video, options) {
    this.video = video;
    this.beacons = new Beacons(options);
    this.heartbeat_ms = options.heartbeat_ms ?? HEARTBEAT_MS;
    /** What an adapter knows at any moment, for heartbeats. @type {() => Fields} */
    this.measure = () => ({});
    this.playback = new Playback(video, this.tell.bind(this), this.beacons.runtime.mono);
    this.#volume = { level: video.volume, muted: video.muted };
    if (!this.beacons.active) return;
    this.#listen(!options.tellsRenditions);
    this.tell("session_start", {
      hidden: document.hidden,
      page_host: location.hostname,
      viewport_w_px: innerWidth,
      viewport_h_px: innerHeight,
      width_px: video.clientWidth,
      height_px: video.clientHeight,
    });
    if (!video.paused) this.playback.play();
    else if (video.networkState !== video.NETWORK_EMPTY) this.playback.loadstart();
  }

  get session() {
    return this.beacons.session;
  }

  /**
   * Records an event, with where playback stands.
   * @param {string} type
   * @param {Fields} [data]
   * @param {number} [ago_ms] how long ago it happened, where that is seen only now
   */
  tell(type, data, ago_ms = 0) {
    const { video, playback } = this;
    const state = STATED.has(type) && playback.state !== "idle" ? playback.state : undefined;
    const measured = ["heartbeat", "stall_start", "end"].includes(type) ? { ...this.#measured(), ...data } : data;
    const playhead_ms = Math.round(video.currentTime * 1000 - ago_ms * this.#rate);
    const rate = this.#rate === 1 && type !== "rate_change" ? undefined : this.#rate;
    this.beacons.record(type, { state, playhead_ms, rate, data: measured }, ago_ms);
    this.#keepBeating();
  }

  /**
   * An error that the player tells. One that comes again within seconds is the same.
   * @param {string} code
   * @param {boolean} fatal
   * @param {string} [message]
   * @param {number} [status] HTTP status of the response that it is about
   */
  error(code, fatal, message, status) {
    const now_ms = this.beacons.runtime.mono();
    const again = !fatal && now_ms - (this.#errors.get(code) ?? -Infinity) < SAME_ERROR_MS;
    this.#errors.set(code, now_ms);
    if (!again) this.playback.error(code, fatal, message, status);
  }

  /** Another content in the same session. @param {string} id */
  content(id) {
    this.beacons.content = id;
    this.playback.reset();
    this.tell("content_change");
  }

  /** The viewer leaves, or the player is taken away: the last beacon. */
  stop() {
    this.#leave();
    this.#listening.abort();
    this.beacons.runtime.clearTimeout(this.#beat);
  }

  /** @param {boolean} renditions */
  #listen(renditions) {
    const { video, playback } = this;
    const { signal } = this.#listening;
    /** @param {EventTarget} target @param {string} type @param {() => void} act */
    const on = (target, type, act) => target.addEventListener(type, act, { signal });
    for (const type of LISTENED) on(video, type, () => playback[type]());
    on(video, "error", () => {
      const { code = 0, message = "" } = video.error ?? {};
      playback.error(MEDIA_ERRORS[code] || `MEDIA_ERR_${code}`, true, message);
    });
    on(video, "ratechange", () => this.#rateChanged());
    on(video, "volumechange", () => this.#volumeChanged());
    if (renditions)
      on(video, "resize", () =>
        this.tell("rendition_change", { width_px: video.videoWidth, height_px: video.videoHeight }),
      );
    on(video, "enterpictureinpicture", () => this.tell("pip", { expanded: true }));
    on(video, "leavepictureinpicture", () => this.tell("pip", { expanded: false }));
    on(document, "fullscreenchange", () =>
      this.tell("fullscreen", { expanded: document.fullscreenElement?.contains(video) ?? false }),
    );
    on(document, "visibilitychange", () => {
      if (this.#left) return;
      this.tell("visibility", { hidden: document.hidden });
      if (document.hidden) this.beacons.delivery.flush();
    });
    on(globalThis, "pagehide", () => this.#leave());
    on(globalThis, "pageshow", () => this.#comeBack());
    this.#watchSize(signal);
  }

  /** @param {AbortSignal} signal */
  #watchSize(signal) {
    const { video } = this;
    let size = `${video.clientWidth}x${video.clientHeight}`;
    const observer = new ResizeObserver(() =>
      this.#atRest("resize", () => {
        const now = `${video.clientWidth}x${video.clientHeight}`;
        if (now !== size) this.tell("resize", { width_px: video.clientWidth, height_px: video.clientHeight });
        size = now;
      }),
    );
    observer.observe(video);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** A rate of 0 is how some players wait. */
  #rateChanged() {
    const { playbackRate } = this.video;
    if (!playbackRate || playbackRate === this.#rate) return;
    this.#rate = playbackRate;
    this.tell("rate_change");
  }

  #volumeChanged() {
    const { volume, muted } = this.video;
    if (muted !== this.#volume.muted) this.tell(muted ? "mute" : "unmute", { volume, muted });
    this.#volume.muted = muted;
    this.#atRest("volume_change", () => {
      const { volume: level } = this.video;
      if (level !== this.#volume.level) this.tell("volume_change", { volume: level, muted: this.video.muted });
      this.#volume.level = level;
    });
  }

  /** @param {string} what @param {() => void} act */
  #atRest(what, act) {
    const { runtime } = this.beacons;
    runtime.clearTimeout(this.#resting[what]);
    this.#resting[what] = runtime.setTimeout(act, REST_MS);
  }

  /** A heartbeat follows every state in which the viewer waits or watches, and stops with it. */
  #keepBeating() {
    const { runtime } = this.beacons;
    const beats = ACTIVE.has(this.playback.state) && this.beacons.active;
    if (beats === (this.#beat !== undefined)) return;
    runtime.clearTimeout(this.#beat);
    this.#beat = undefined;
    if (beats)
      this.#beat = runtime.setTimeout(() => {
        this.#beat = undefined;
        this.playback.timeupdate();
        this.tell("heartbeat");
      }, this.heartbeat_ms);
  }

  #leave() {
    if (this.#left) return;
    this.#left = true;
    this.tell("end", { end_reason: "quit" });
    this.beacons.delivery.leave();
  }

  /** A page that was kept (back/forward cache) is shown again. */
  #comeBack() {
    if (!this.#left) return;
    this.#left = false;
    this.tell("heartbeat");
  }

  /** @returns {Fields} */
  #measured() {
    const { video } = this;
    const { buffered, currentTime } = video;
    let buffer_ms;
    for (let range = 0; range < buffered.length; range++)
      if (buffered.start(range) <= currentTime && currentTime <= buffered.end(range))
        buffer_ms = Math.round((buffered.end(range) - currentTime) * 1000);
    const frames = video.getVideoPlaybackQuality?.();
    return {
      buffer_ms,
      dropped_frames: frames?.droppedVideoFrames,
      total_frames: frames?.totalVideoFrames,
      ...this.measure(),
    };
  }
}
