export function byteLength(text: string): number;
/** @typedef {{ type: string, json: string, bytes: number }} Waiting an event, written once */
/**
 * Events that wait for their turn, oldest first: at most `most` of them. What goes first when there are more is what
 * tells least: the oldest heartbeat, change of volume or of size; else the oldest event. It is counted.
 */
export class Queue {
    /** @param {number} most */
    constructor(most: number);
    most: number;
    /** @type {Waiting[]} */
    waiting: Waiting[];
    dropped: number;
    get length(): number;
    /** @param {{ type: string }} event */
    add(event: {
        type: string;
    }): void;
    /**
     * Takes out events from the front (or, `newest`, from the back) that fit into so many bytes; at least one.
     * @param {number} count
     * @param {number} bytes
     * @returns {Waiting[]} in their order
     */
    take(count: number, bytes: number, newest?: boolean): Waiting[];
    /** Puts back what could not be sent. @param {Waiting[]} events */
    giveBack(events: Waiting[]): void;
    #private;
}
/**
 * an event, written once
 */
export type Waiting = {
    type: string;
    json: string;
    bytes: number;
};
