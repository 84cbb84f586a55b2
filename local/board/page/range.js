// Time ranges as Grafana writes them: `now`, `now-15m`, or epoch milliseconds. Pure.

/** @typedef {{ from: string, to: string }} Range */

/** Ranges that are offered: how far back from now. */
export const OFFERED = ["5m", "15m", "30m", "1h", "3h", "6h", "24h"];

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const WORDS = { s: "s", m: "min", h: "h", d: "d" };
const RELATIVE = /^now(?:-(\d+)([smhd]))?$/;

/**
 * @param {string} text
 * @param {number} nowMs
 * @returns {number} epoch ms; NaN for what is no time
 */
export function resolve(text, nowMs) {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const found = RELATIVE.exec(text);
  if (!found) return NaN;
  return found[1] ? nowMs - Number(found[1]) * UNITS[/** @type {keyof UNITS} */ (found[2])] : nowMs;
}

/** Whether a range moves on with the clock. @param {Range} range */
export const isLive = ({ to }) => to === "now";

/**
 * Whether a range can be shown: both ends are times, the first before the last.
 * @param {Range} range
 */
export const isRange = ({ from, to }) => resolve(from, Date.now()) < resolve(to, Date.now());

/** The same stretch of time, standing still. @param {Range} range @param {number} nowMs @returns {Range} */
export const held = ({ from, to }, nowMs) => ({
  from: String(Math.round(resolve(from, nowMs))),
  to: String(Math.round(resolve(to, nowMs))),
});

/** A range of the same length that ends now, whole seconds long. @param {Range} range @param {number} nowMs */
export function released({ from, to }, nowMs) {
  const seconds = Math.max(1, Math.round((resolve(to, nowMs) - resolve(from, nowMs)) / 1_000));
  for (const [unit, ms] of /** @type {[string, number][]} */ (Object.entries(UNITS)).reverse())
    if ((seconds * 1_000) % ms === 0) return { from: `now-${(seconds * 1_000) / ms}${unit}`, to: "now" };
  return { from: `now-${seconds}s`, to: "now" };
}

/** For a person: `Last 15 min`, or both ends. @param {Range} range @returns {string} */
export function inWords({ from, to }) {
  const found = RELATIVE.exec(from);
  if (to === "now" && found?.[1]) return `Last ${found[1]} ${WORDS[/** @type {keyof WORDS} */ (found[2])]}`;
  return `${moment(resolve(from, Date.now()))} to ${moment(resolve(to, Date.now()))}`;
}

/** @param {number} ms @returns {string} `20:31:05`, with the day where it is not today */
export function moment(ms) {
  const date = new Date(ms);
  const time = date.toLocaleTimeString("sv-SE");
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString("sv-SE")} ${time}`;
}
