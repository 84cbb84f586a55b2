/**
 * Sends beacons of what a media element does, until the page or the player goes.
 *
 *     import { watch } from "./video.js";
 *     watch(document.querySelector("video"), { url: "https://….execute-api.….amazonaws.com/Default" });
 *
 * @param {HTMLVideoElement} video
 * @param {VideoOptions} options
 */
export function watch(video: HTMLVideoElement, options: VideoOptions): Watching;
/** One session at one element. Adapters of players add what the element does not know. */
export class Watching {
    /** @param {HTMLVideoElement} video @param {VideoOptions} options */
    constructor(video: HTMLVideoElement, options: VideoOptions);
    video: HTMLVideoElement;
    beacons: Beacons;
    heartbeat_ms: number;
    /** What an adapter knows at any moment, for heartbeats. @type {() => Fields} */
    measure: () => Fields;
    playback: Playback;
    get session(): string;
    /**
     * Records an event, with where playback stands.
     * @param {string} type
     * @param {Fields} [data]
     * @param {number} [ago_ms] how long ago it happened, where that is seen only now
     */
    tell(type: string, data?: Fields, ago_ms?: number): void;
    /**
     * An error that the player tells. One that comes again within seconds is the same.
     * @param {string} code
     * @param {boolean} fatal
     * @param {string} [message]
     * @param {number} [status] HTTP status of the response that it is about
     */
    error(code: string, fatal: boolean, message?: string, status?: number): void;
    /** Another content in the same session. @param {string} id */
    content(id: string): void;
    /** The viewer leaves, or the player is taken away: the last beacon. */
    stop(): void;
    #private;
}
export type Fields = import("./beacons.js").Fields;
/**
 * `heartbeat_ms`: how often a viewer who waits or watches is told to be there; `tellsRenditions`: an adapter tells them
 */
export type VideoOptions = import("./beacons.js").Options & {
    heartbeat_ms?: number;
    tellsRenditions?: boolean;
};
import { Beacons } from "./beacons.js";
import { Playback } from "./playback.js";
