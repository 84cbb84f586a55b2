/** Off by more than this, the wall clock is believed again: the device slept, or its clock was set. */
const STEP_MS = 60_000;

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
  constructor(wall, mono) {
    this.wall = wall;
    this.mono = mono;
    this.offset_ms = wall() - mono();
  }

  /** @param {number} ago_ms @returns {{ ts: number, mono: number }} epoch ms and monotonic ms of a moment so long ago */
  at(ago_ms) {
    const now_ms = this.mono();
    const offset_ms = this.wall() - now_ms;
    if (Math.abs(offset_ms - this.offset_ms) > STEP_MS) this.offset_ms = offset_ms;
    const mono = now_ms - ago_ms;
    return { ts: Math.round(this.offset_ms + mono), mono: Math.round(mono) };
  }
}
