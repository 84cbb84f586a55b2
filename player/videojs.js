import { watch as watchVideo } from "./video.js";

/** @typedef {{ selectedIndex: number, [index: number]: { bitrate: number, width: number, height: number } }} Levels */
/**
 * @typedef {object} VideoJs what is used of a video.js player
 * @property {(type: string, act: () => void) => void} on
 * @property {() => { code: number, message: string } | null} error
 * @property {() => number} duration
 * @property {() => string} currentType
 * @property {() => Levels & EventTarget} [qualityLevels]
 * @property {(safe: true) => { el: () => HTMLVideoElement, vhs?: { bandwidth?: number } }} tech
 */

/**
 * As `watch` of `video.js` (the module), with the renditions, errors and estimates of video.js (the player, 8 or newer)
 * and its HLS and DASH engine. To be called when the player is ready.
 * @param {VideoJs} player
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(player, options) {
  const tech = player.tech(true);
  const video = tech.el();
  const context = {
    ...options.context,
    player: { name: "video.js", version: /** @type {any} */ (globalThis).videojs?.VERSION, ...options.context?.player },
    stream: { ...options.context?.stream },
  };
  const watching = watchVideo(video, { ...options, context, tellsRenditions: true });
  watching.measure = () => ({ throughput_kbps: Math.round((player.tech(true).vhs?.bandwidth ?? 0) / 1000) || undefined });
  player.on("loadedmetadata", () => {
    const format = /mpegurl/i.test(player.currentType()) ? "hls" : /dash/i.test(player.currentType()) ? "dash" : "other";
    const type = player.duration() === Infinity ? "live" : "vod";
    context.stream = { format, type, ...options.context?.stream };
    watching.tell("manifest_loaded");
  });
  const levels = player.qualityLevels?.();
  levels?.addEventListener("change", () => {
    const level = levels[levels.selectedIndex];
    if (level)
      watching.tell("rendition_change", {
        bitrate_kbps: Math.round(level.bitrate / 1000),
        width_px: level.width,
        height_px: level.height,
      });
  });
  player.on("error", () => {
    const error = player.error();
    if (error && !video.error) watching.error(String(error.code), true, error.message);
  });
  player.on("dispose", () => watching.stop());
  return watching;
}
