const TIMEOUT_MS = 30_000;

/**
 * @typedef {{ status: number, retryAfter_ms?: number }} Answer HTTP status (0: no answer came), and how long the
 *   collector asks to be left alone
 */

/** The `Retry-After` of an answer, seconds or a date, in ms. @param {string | null} value @param {number} now_ms */
export function retryAfter(value, now_ms) {
  if (!value) return undefined;
  const wait_ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now_ms;
  return wait_ms > 0 ? wait_ms : undefined;
}

/**
 * Posts a body so that it outlives the page, as `text/plain`: a simple request, for which a browser asks no preflight.
 * No cookies, no referrer.
 * @param {string} url
 * @param {string} body
 * @returns {Promise<Answer>} never rejected
 */
export async function post(url, body) {
  if (!("keepalive" in Request.prototype)) {
    return { status: navigator.sendBeacon(url, new Blob([body], { type: "text/plain" })) ? 202 : 0 };
  }
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body,
      keepalive: true,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: answer.status, retryAfter_ms: retryAfter(answer.headers.get("retry-after"), Date.now()) };
  } catch {
    return { status: 0 };
  }
}
