/**
 * @typedef {object} Options
 * @property {string} url the collector: the invoke URL of the API, such as `https://….amazonaws.com/Default`
 * @property {string} [session] id of the playback session, at most 64 printable characters; a random one by default
 * @property {string} [content] id of what is watched, at most 128 characters
 * @property {number} [sampleRate] share of sessions that send beacons at all, 0 to 1
 * @property {Context} [context]
 * @property {import("./delivery.js").OnAnswer} [onAnswer] called with every answer of the collector
 * @property {import("./delivery.js").Runtime} [runtime] clocks, timers and transport, if not the browser's
 */
/**
 * @typedef {object} Context what is true of all events (`context` of the schema); each text at most 64 characters
 * @property {{ name?: string, version?: string }} [app]
 * @property {{ name?: string, version?: string }} [player]
 * @property {{ format?: "hls" | "dash" | "smooth" | "other", type?: "vod" | "live", cdn?: string, drm?: string }} [stream]
 * @property {Record<string, string | number | boolean>} [custom] at most 20
 */
/** @typedef {Record<string, string | number | boolean | undefined>} Fields measures, by the names of the schema */
/** 32 hexadecimal digits; `crypto.randomUUID` exists on https pages only. */
export function randomId(): string;
/** The same for the same id, spread evenly over 0 to 1 (FNV-1a, mixed). @param {string} id */
export function share(id: string): number;
export namespace SDK {
    let name: string;
    let version: string;
}
/**
 * The beacons of one session: `record` numbers and times an event, and delivery brings it to the collector. Knows no
 * player and no page. Whether a session is sampled depends on its id alone; one that is not records nothing.
 */
export class Beacons {
    /** @param {Options} options */
    constructor({ url, session, content, sampleRate, context, onAnswer, runtime }: Options);
    runtime: import("./delivery.js").Runtime;
    session: string;
    content: string | undefined;
    context: Context;
    sampled: boolean;
    clock: Clock;
    delivery: Delivery;
    /** Whether events are still recorded: the session is sampled, and its collector wants it. */
    get active(): boolean;
    /** Where beacons go from now on. @param {string} url the invoke URL */
    set url(url: string);
    /**
     * Records an event. Fields that are undefined are left out.
     * @param {string} type a canonical event (`docs/metrics.md`), or a name of your own
     * @param {{ state?: string, playhead_ms?: number, rate?: number, data?: Fields, custom?: Fields }} [fields]
     * @param {number} [ago_ms] how long ago it happened, where that is seen only now
     */
    record(type: string, fields?: {
        state?: string;
        playhead_ms?: number;
        rate?: number;
        data?: Fields;
        custom?: Fields;
    }, ago_ms?: number): void;
    #private;
}
export type Options = {
    /**
     * the collector: the invoke URL of the API, such as `https://….amazonaws.com/Default`
     */
    url: string;
    /**
     * id of the playback session, at most 64 printable characters; a random one by default
     */
    session?: string | undefined;
    /**
     * id of what is watched, at most 128 characters
     */
    content?: string | undefined;
    /**
     * share of sessions that send beacons at all, 0 to 1
     */
    sampleRate?: number | undefined;
    context?: Context | undefined;
    /**
     * called with every answer of the collector
     */
    onAnswer?: import("./delivery.js").OnAnswer | undefined;
    /**
     * clocks, timers and transport, if not the browser's
     */
    runtime?: import("./delivery.js").Runtime | undefined;
};
/**
 * what is true of all events (`context` of the schema); each text at most 64 characters
 */
export type Context = {
    app?: {
        name?: string;
        version?: string;
    } | undefined;
    player?: {
        name?: string;
        version?: string;
    } | undefined;
    stream?: {
        format?: "hls" | "dash" | "smooth" | "other";
        type?: "vod" | "live";
        cdn?: string;
        drm?: string;
    } | undefined;
    /**
     * at most 20
     */
    custom?: Record<string, string | number | boolean> | undefined;
};
/**
 * measures, by the names of the schema
 */
export type Fields = Record<string, string | number | boolean | undefined>;
import { Clock } from "./clock.js";
import { Delivery } from "./delivery.js";
