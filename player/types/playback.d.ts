/** States in which the viewer waits or watches. */
export const ACTIVE: Set<string>;
/**
 * What a media element's events mean: startup from the request to play, a stall only where media played and nobody
 * seeks or pauses, a seek until media moves again. Media moves when its playhead does: browsers say `playing` up to
 * 150 ms earlier, and now and then for nothing. Each method is an event of the element.
 */
export class Playback {
    /** @param {Media} media @param {Tell} tell @param {() => number} now monotonic ms */
    constructor(media: Media, tell: Tell, now: () => number);
    /** @type {State} */
    state: State;
    started: boolean;
    media: Media;
    tell: Tell;
    now: () => number;
    /** Another content: nothing of it was asked for, nothing has moved. */
    reset(): void;
    /** Loading begins; with `autoplay` that is the request to play. */
    loadstart(): void;
    play(): void;
    /** All is there, and yet it does not play: the browser refused `autoplay`, and the viewer's wait is no startup. */
    canplaythrough(): void;
    playing(): void;
    timeupdate(): void;
    waiting(): void;
    pause(): void;
    seeking(): void;
    seeked(): void;
    ended(): void;
    /** The media was taken away, by a player that is torn down or loads anew. */
    emptied(): void;
    /** @param {string} code @param {boolean} fatal @param {string} [message] @param {number} [status] of the response */
    error(code: string, fatal: boolean, message?: string, status?: number): void;
    #private;
}
export type State = "idle" | "starting" | "playing" | "rebuffering" | "seeking" | "paused" | "ended" | "failed";
/**
 * what is read of a media element
 */
export type Media = {
    currentTime: number;
    paused: boolean;
    seeking: boolean;
    ended: boolean;
    autoplay: boolean;
    playbackRate: number;
};
/**
 * what happened so long ago
 */
export type Tell = (type: string, data?: import("./beacons.js").Fields, ago_ms?: number) => void;
