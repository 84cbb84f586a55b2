/**
 * @typedef {{ status: number, retryAfter_ms?: number }} Answer HTTP status (0: no answer came), and how long the
 *   collector asks to be left alone
 */
/** The `Retry-After` of an answer, seconds or a date, in ms. @param {string | null} value @param {number} now_ms */
export function retryAfter(value: string | null, now_ms: number): number | undefined;
/**
 * Posts a body so that it outlives the page, as `text/plain`: a simple request, for which a browser asks no preflight.
 * No cookies, no referrer.
 * @param {string} url
 * @param {string} body
 * @returns {Promise<Answer>} never rejected
 */
export function post(url: string, body: string): Promise<Answer>;
/**
 * HTTP status (0: no answer came), and how long the
 *   collector asks to be left alone
 */
export type Answer = {
    status: number;
    retryAfter_ms?: number;
};
