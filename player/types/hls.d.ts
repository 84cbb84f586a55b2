/**
 * As `watch` of `video.js`, with the renditions, errors and estimates of hls.js (1.5 or newer).
 * @param {import("hls.js").default} hls
 * @param {HTMLVideoElement} video
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(hls: import("hls.js").default, video: HTMLVideoElement, options: import("./video.js").VideoOptions): import("./video.js").Watching;
