import { watch as watchVideo } from "./video.js";

/** What hls.js calls errors, and are only its view of a stall. */
const STALLS = new Set(["bufferStalledError", "bufferNudgeOnStall", "bufferSeekOverHole"]);

/**
 * As `watch` of `video.js`, with the renditions, errors and estimates of hls.js (1.5 or newer).
 * @param {import("hls.js").default} hls
 * @param {HTMLVideoElement} video
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(hls, video, options) {
  const { Events, version } = /** @type {typeof import("hls.js").default} */ (hls.constructor);
  const context = {
    ...options.context,
    player: { name: "hls.js", version },
    stream: { format: /** @type {const} */ ("hls"), ...options.context?.stream },
  };
  const watching = watchVideo(video, { ...options, context, tellsRenditions: true });
  const kbps = (/** @type {number} */ bps) => Math.round(bps / 1000);
  watching.measure = () => ({
    throughput_kbps: kbps(hls.bandwidthEstimate),
    live_latency_ms: context.stream.type === "live" ? Math.round(hls.latency * 1000) : undefined,
  });
  hls.on(Events.MANIFEST_PARSED, (_, { levels }) => {
    const rates = levels.map((level) => kbps(level.bitrate));
    watching.tell("manifest_loaded", { bitrate_top_kbps: Math.max(...rates), bitrate_low_kbps: Math.min(...rates) });
  });
  hls.on(Events.LEVEL_LOADED, (_, { details }) => {
    context.stream.type ??= details.live ? "live" : "vod";
  });
  hls.on(Events.LEVEL_SWITCHED, (_, { level }) => {
    const { bitrate, width, height, videoCodec } = hls.levels[level];
    watching.tell("rendition_change", {
      bitrate_shown_kbps: kbps(bitrate),
      width_px: width,
      height_px: height,
      video_codec: videoCodec,
    });
  });
  hls.on(Events.ERROR, (_, { details, fatal, error, response }) => {
    if (!STALLS.has(details)) watching.error(details, fatal, error?.message, response?.code);
  });
  hls.on(Events.DESTROYING, () => watching.stop());
  return watching;
}
