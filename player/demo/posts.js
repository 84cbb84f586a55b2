/**
 * @typedef {object} Post one request to the endpoint
 * @property {string} url
 * @property {string} body
 * @property {number} sent_ms epoch ms
 * @property {number} [status] 0: no answer came
 * @property {number} [took_ms]
 */

/**
 * Sees every request that this page makes to the endpoint, by the SDK or by a player's own CMCD, with its answer.
 * @param {() => string} endpoint
 * @param {(post: Post) => void} seen called when it is sent, and again when it is answered
 */
export function seePosts(endpoint, seen) {
  /** @param {string} url @param {unknown} body */
  const begin = (url, body) => {
    const base = endpoint();
    if (!base || !url.startsWith(base) || !body) return () => {};
    const text = typeof body === "string" ? body : new TextDecoder().decode(/** @type {ArrayBuffer} */ (body));
    /** @type {Post} */
    const post = { url, body: text, sent_ms: Date.now() };
    const began_ms = performance.now();
    seen(post);
    return (/** @type {number} */ status) => {
      Object.assign(post, { status, took_ms: Math.round(performance.now() - began_ms) });
      seen(post);
    };
  };

  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const answered = begin(String(input instanceof Request ? input.url : input), init?.body);
    try {
      const answer = await fetch(input, init);
      answered(answer.status);
      return answer;
    } catch (error) {
      answered(0);
      throw error;
    }
  };

  const { open, send } = XMLHttpRequest.prototype;
  const urls = /** @type {WeakMap<XMLHttpRequest, string>} */ (new WeakMap());
  XMLHttpRequest.prototype.open = function (/** @type {any[]} */ ...parts) {
    urls.set(this, new URL(String(parts[1]), document.baseURI).href);
    return /** @type {any} */ (open).apply(this, parts);
  };
  XMLHttpRequest.prototype.send = function (/** @type {XMLHttpRequestBodyInit | null | undefined} */ body) {
    const answered = begin(urls.get(this) ?? "", body);
    this.addEventListener("loadend", () => answered(this.status));
    return send.call(this, body);
  };
}

/** What a body holds: events of the SDK, or lines of CMCD. @param {string} body @returns {Record<string, any>[]} */
export function eventsOf(body) {
  if (body.startsWith("{")) return JSON.parse(body).events;
  return body.trim().split("\n").map((line) => ({ line }));
}
