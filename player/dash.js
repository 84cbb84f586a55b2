import { watch as watchVideo } from "./video.js";

/** Errors after which dash.js goes on: time synchronisation, remote elements, subtitles. */
const GOES_ON = new Set([12, 16, 29, 33]);

/**
 * As `watch` of `video.js`, with the renditions, errors and estimates of dash.js (5.0 or newer).
 * @param {import("dashjs").MediaPlayerClass} player
 * @param {HTMLVideoElement} video
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(player, video, options) {
  const context = {
    ...options.context,
    player: { name: "dash.js", version: player.getVersion() },
    stream: { format: /** @type {const} */ ("dash"), ...options.context?.stream },
  };
  const watching = watchVideo(video, { ...options, context, tellsRenditions: true });
  watching.measure = () => ({
    throughput_kbps: Math.round(player.getAverageThroughput("video")) || undefined,
    live_latency_ms: context.stream.type === "live" ? Math.round(player.getCurrentLiveLatency() * 1000) : undefined,
  });
  player.on("manifestLoaded", () => watching.tell("manifest_loaded"));
  player.on("streamInitialized", () => {
    context.stream.type ??= player.isDynamic() ? "live" : "vod";
  });
  player.on("qualityChangeRendered", ({ mediaType, newRepresentation: shown }) => {
    if (mediaType === "video" && shown)
      watching.tell("rendition_change", {
        bitrate_shown_kbps: Math.round(shown.bitrateInKbit),
        width_px: shown.width,
        height_px: shown.height,
        video_codec: shown.codecs ?? undefined,
      });
  });
  player.on("error", ({ error }) => {
    const { code, message } = typeof error === "object" ? error : { code: 0, message: String(error) };
    watching.error(String(code), !GOES_ON.has(code), message);
  });
  return watching;
}
