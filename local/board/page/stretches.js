// States that were told at some times -> stretches of time. Pure.

/** @typedef {{ fromMs: number, toMs: number, value: any }} Stretch */

/**
 * @param {number[]} times in order
 * @param {any[]} values null ends a stretch without beginning another
 * @returns {Stretch[]} equal neighbours are one
 */
export function stretchesOf(times, values) {
  /** @type {Stretch[]} */
  const found = [];
  times.forEach((fromMs, index) => {
    const last = found.at(-1);
    const toMs = times[index + 1] ?? fromMs;
    if (last && last.toMs === fromMs && last.value === values[index]) last.toMs = toMs;
    else if (values[index] !== null) found.push({ fromMs, toMs, value: values[index] });
  });
  return found.filter(({ fromMs, toMs }) => toMs > fromMs);
}
