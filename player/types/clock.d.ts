/**
 * Two clocks that agree. `ts` is the client's wall clock, carried on by the monotonic one: small corrections of the
 * system's clock change no duration and no order. A step of more than a minute is taken over, so that a device that
 * slept tells that time has passed.
 */
export class Clock {
    /**
     * @param {() => number} wall epoch ms
     * @param {() => number} mono ms since any moment, never set
     */
    constructor(wall: () => number, mono: () => number);
    wall: () => number;
    mono: () => number;
    offset_ms: number;
    /** @param {number} ago_ms @returns {{ ts: number, mono: number }} epoch ms and monotonic ms of a moment so long ago */
    at(ago_ms: number): {
        ts: number;
        mono: number;
    };
}
