// What a dashboard about one session shows: as much time as the session took, where the range goes on anyway.

import { isLive } from "./range.js";

/**
 * @typedef {object} Story
 * @property {() => { fromMs: number, toMs: number } | null} range null: the one that was chosen
 * @property {(times: number[]) => void} saw times that something happened at
 */

const TOLD_BY = "state-timeline";
/** Room at both ends, as a share of the whole. */
const MARGIN = 0.01;

/**
 * @param {any} dashboard Grafana's JSON
 * @param {import("./address.js").Shown} shown
 * @param {() => void} changed called when the range has become another one
 * @returns {Story}
 */
export function storyOf(dashboard, shown, changed) {
  const isTold = isLive(shown.range) && dashboard.panels.some((/** @type {any} */ { type }) => type === TOLD_BY);
  let [first, last] = [Infinity, -Infinity];
  let waiting = false;
  return {
    range() {
      if (!isTold || !(last > first)) return null;
      const room = MARGIN * (last - first);
      return { fromMs: first - room, toMs: last + room };
    },
    saw(times) {
      const [low, high] = [Math.min(first, ...times), Math.max(last, ...times)];
      if (!isTold || (low === first && high === last)) return;
      [first, last] = [low, high];
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => {
        waiting = false;
        changed();
      });
    },
  };
}
