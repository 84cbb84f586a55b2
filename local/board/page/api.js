// What the page asks the server for.

/** @typedef {import("./field.js").Frame} Frame */
/** @typedef {import("./address.js").Shown} Shown */

const PATIENCE_MS = 25_000;

/**
 * @param {string} path
 * @param {[string, string][]} words
 * @returns {Promise<any>} rejects with a sentence for a person
 */
async function ask(path, words) {
  let answer;
  try {
    const query = new URLSearchParams(words);
    answer = await fetch(`/board/${path}?${query}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    throw new Error("`make run` does not answer");
  }
  const content = await answer.json().catch(() => ({ error: `the answer is no JSON (${answer.status})` }));
  if (!answer.ok) throw new Error(content.error);
  return content;
}

/** @returns {Promise<Record<string, any>>} name -> Grafana's JSON */
export const dashboards = () => ask("dashboards", []);

/** @param {Shown} shown @param {number} fromMs @param {number} toMs @returns {[string, string][]} */
function words(shown, fromMs, toMs) {
  const values = Object.entries(shown.variables).flatMap(([name, chosen]) =>
    chosen.map((value) => /** @type {[string, string]} */ ([`var-${name}`, value])),
  );
  return [["dashboard", shown.dashboard], ["from", String(fromMs)], ["to", String(toMs)], ...values];
}

/**
 * @param {Shown} shown
 * @param {{ fromMs: number, toMs: number }} range
 * @param {number} panel id
 * @param {number} points how many buckets there is room for
 * @returns {Promise<{ frames: Frame[], interval_ms: number }>}
 */
export const frames = (shown, { fromMs, toMs }, panel, points) =>
  ask("frames", [...words(shown, fromMs, toMs), ["panel", String(panel)], ["points", String(points)]]);

/**
 * @param {Shown} shown
 * @param {{ fromMs: number, toMs: number }} range
 * @param {string} variable
 * @returns {Promise<{ values: string[] }>}
 */
export const values = (shown, { fromMs, toMs }, variable) =>
  ask("values", [...words(shown, fromMs, toMs), ["variable", variable]]);
