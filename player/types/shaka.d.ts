/**
 * As `watch` of `video.js`, with the renditions, errors and estimates of Shaka Player (4.0 or newer). What `load()`
 * rejects with Shaka tells only the caller: `await player.load(url).catch(watching.failed)`.
 * @param {import("shaka-player").default.Player} player
 * @param {HTMLVideoElement} video
 * @param {import("./video.js").VideoOptions} options
 */
export function watch(player: import("shaka-player").default.Player, video: HTMLVideoElement, options: import("./video.js").VideoOptions): import("./video.js").Watching & {
    failed: ({ code, severity, message }: import("shaka-player").default.util.Error) => void;
};
