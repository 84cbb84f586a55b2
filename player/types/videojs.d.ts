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
export function watch(player: VideoJs, options: import("./video.js").VideoOptions): import("./video.js").Watching;
export type Levels = {
    selectedIndex: number;
    [index: number]: {
        bitrate: number;
        width: number;
        height: number;
    };
};
/**
 * what is used of a video.js player
 */
export type VideoJs = {
    on: (type: string, act: () => void) => void;
    error: () => {
        code: number;
        message: string;
    } | null;
    duration: () => number;
    currentType: () => string;
    qualityLevels?: (() => Levels & EventTarget) | undefined;
    tech: (safe: true) => {
        el: () => HTMLVideoElement;
        vhs?: {
            bandwidth?: number;
        };
    };
};
