import { watch as watchVideo } from "./video.js";

const FORMATS = /** @type {const} */ ({ DASH: "dash", HLS: "hls", MSS: "smooth" });
const CRITICAL = 2;

/**
 * As `watch` of `video.js`, with the renditions, errors and estimates of Shaka Player (4.0 or newer). What `load()`
 * rejects with Shaka tells only the caller: `await player.load(url).catch(watching.failed)`.
 * @param {import("shaka-player").default.Player} player
 * @param {HTMLVideoElement} video
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(player, video, options) {
  const { version } = /** @type {typeof import("shaka-player").default.Player} */ (player.constructor);
  const context = {
    ...options.context,
    player: { name: "shaka-player", version: version.replace(/^v|-debug$/g, "") },
    stream: { ...options.context?.stream },
  };
  const watching = watchVideo(video, { ...options, context, tellsRenditions: true });
  watching.measure = () => ({
    throughput_kbps: Math.round(player.getStats().estimatedBandwidth / 1000) || undefined,
    live_latency_ms: player.isLive() ? Math.round(player.getStats().liveLatency * 1000) : undefined,
  });
  let shown = -1;
  const rendition = () => {
    const active = player.getVariantTracks().find((track) => track.active);
    if (!active || active.id === shown) return;
    shown = active.id;
    watching.tell("rendition_change", {
      bitrate_kbps: Math.round(active.bandwidth / 1000),
      width_px: active.width ?? undefined,
      height_px: active.height ?? undefined,
      video_codec: active.videoCodec ?? undefined,
    });
  };
  /** @param {import("shaka-player").default.util.Error} error */
  const failed = ({ code, severity, message }) => watching.error(String(code), severity === CRITICAL, message);
  player.addEventListener("manifestparsed", () => {
    const format = FORMATS[/** @type {"DASH"} */ (player.getManifestType())];
    Object.assign(context.stream, { format, type: player.isLive() ? "live" : "vod", ...context.stream });
    watching.tell("manifest_loaded");
  });
  // Shaka stops the playhead itself (rate 0) before the element would wait.
  player.addEventListener("buffering", (event) => {
    if (/** @type {any} */ (event).buffering) watching.playback.waiting();
    else if (watching.playback.state === "rebuffering") watching.playback.playing();
  });
  player.addEventListener("loaded", rendition);
  player.addEventListener("adaptation", rendition);
  player.addEventListener("variantchanged", rendition);
  player.addEventListener("error", (event) => failed(/** @type {any} */ (event).detail));
  return Object.assign(watching, { failed });
}
