export namespace LIMITS {
    let batch_ms: number;
    let batchEvents: number;
    let bytes: number;
    let events: number;
    let backOff_ms: number;
    let longestBackOff_ms: number;
}
/**
 * Brings events to the collector, in order and at least once, one request at a time.
 *
 * 2xx: delivered. 410: this session is not wanted, nothing more is sent to that url. 429, 408, 5xx or no answer: again
 * after a back-off (exponential, full jitter, never before `Retry-After`). 413: half as many. Any other refusal would
 * be the same the next time: the batch is dropped and counted.
 */
export class Delivery {
    /**
     * @param {string} url
     * @param {(dropped: number) => object} head members of a batch beside its events
     * @param {Runtime} runtime
     * @param {OnAnswer} [onAnswer]
     */
    constructor(url: string, head: (dropped: number) => object, runtime: Runtime, onAnswer?: OnAnswer);
    url: string;
    head: (dropped: number) => object;
    runtime: Runtime;
    onAnswer: OnAnswer | undefined;
    queue: Queue;
    stopped: boolean;
    /** Another collector, from now on; also after the one before has answered 410. @param {string} url */
    redirect(url: string): void;
    /** @param {{ type: string }} event @param {boolean} urgent to be sent at once */
    add(event: {
        type: string;
    }, urgent: boolean): void;
    /** Sends what waits now: the page is hidden, and may not come back. A back-off is set aside, `Retry-After` is not. */
    flush(): void;
    /** The page goes: the newest events that fit into one request, beside one that may be on its way. */
    leave(): void;
    #private;
}
export type Answer = import("./transport.js").Answer;
/**
 * what delivery needs of its surroundings; tests bring their own
 */
export type Runtime = {
    /**
     * epoch ms
     */
    wall: () => number;
    /**
     * monotonic ms
     */
    mono: () => number;
    setTimeout: (call: () => void, ms: number) => any;
    clearTimeout: (timer: any) => void;
    /**
     * 0 to 1
     */
    random: () => number;
    post: (url: string, body: string) => Promise<Answer>;
};
export type OnAnswer = (sent: {
    url: string;
    body: string;
    answer: Answer;
    took_ms: number;
}) => void;
import { Queue } from "./queue.js";
