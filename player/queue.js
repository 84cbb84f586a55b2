const EXPENDABLE = new Set(["heartbeat", "volume_change", "resize"]);
const encoder = new TextEncoder();

/** Bytes of a text in UTF-8. @param {string} text */
export const byteLength = (text) => encoder.encode(text).length;

/** @typedef {{ type: string, json: string, bytes: number }} Waiting an event, written once */

/**
 * Events that wait for their turn, oldest first: at most `most` of them. What goes first when there are more is what
 * tells least: the oldest heartbeat, change of volume or of size; else the oldest event. It is counted.
 */
export class Queue {
  /** @param {number} most */
  constructor(most) {
    this.most = most;
    /** @type {Waiting[]} */
    this.waiting = [];
    this.dropped = 0;
  }

  get length() {
    return this.waiting.length;
  }

  /** @param {{ type: string }} event */
  add(event) {
    const json = JSON.stringify(event);
    this.waiting.push({ type: event.type, json, bytes: byteLength(json) });
    this.#trim();
  }

  /**
   * Takes out events from the front (or, `newest`, from the back) that fit into so many bytes; at least one.
   * @param {number} count
   * @param {number} bytes
   * @returns {Waiting[]} in their order
   */
  take(count, bytes, newest = false) {
    const { waiting } = this;
    let taken = 0;
    for (let sum = 0; taken < Math.min(count, waiting.length); taken++) {
      sum += waiting[newest ? waiting.length - 1 - taken : taken].bytes + 1;
      if (taken && sum > bytes) break;
    }
    return newest ? waiting.splice(waiting.length - taken) : waiting.splice(0, taken);
  }

  /** Puts back what could not be sent. @param {Waiting[]} events */
  giveBack(events) {
    this.waiting.unshift(...events);
    this.#trim();
  }

  #trim() {
    while (this.waiting.length > this.most) {
      const least = this.waiting.findIndex((event) => EXPENDABLE.has(event.type));
      this.waiting.splice(Math.max(least, 0), 1);
      this.dropped++;
    }
  }
}
