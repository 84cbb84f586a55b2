/**
 * As `watch` of `video.js`, with the renditions, errors and estimates of dash.js (5.0 or newer).
 * @param {import("dashjs").MediaPlayerClass} player
 * @param {HTMLVideoElement} video
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(player: import("dashjs").MediaPlayerClass, video: HTMLVideoElement, options: import("./video.js").VideoOptions): import("./video.js").Watching;
