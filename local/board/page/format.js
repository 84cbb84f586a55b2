// Numbers as a person reads them, by Grafana's ids of units. Pure.

const MINUTE = 60_000;
const HOUR = 3_600_000;

/** Ids of Grafana's -> (number, decimals or null) => text. */
export const UNITS = /** @type {Record<string, (value: number, decimals: number | null) => string>} */ ({
  none: (value, decimals) => grouped(value, decimals),
  short: (value, decimals) => scaled(value, decimals, ["", " K", " M", " B"]),
  percentunit: (value, decimals) => `${grouped(value * 100, decimals ?? places(value * 100))} %`,
  ms: (value, decimals) => duration(value, decimals),
  s: (value, decimals) => duration(value * 1_000, decimals),
  Kbits: (value, decimals) => scaled(value, decimals, [" kbit/s", " Mbit/s", " Gbit/s"]),
});

/**
 * @param {number} value
 * @param {string} unit id of Grafana's; one that is not known stands behind the number, as in Grafana
 * @param {number | null} decimals null: as many as say something
 * @returns {string}
 */
export function format(value, unit, decimals = null) {
  const known = UNITS[unit || "none"];
  return known ? known(value, decimals) : `${grouped(value, decimals)} ${unit}`;
}

/** Decimals that leave three digits or so. @param {number} value */
function places(value) {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return 0;
  return size >= 10 ? 1 : 2;
}

/** @param {number} value @param {number | null} decimals */
function grouped(value, decimals) {
  const digits = decimals ?? places(value);
  const text = value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return /^-[0.]+$/.test(text) ? text.slice(1) : text;
}

/**
 * @param {number} value
 * @param {number | null} decimals
 * @param {string[]} names of the sizes, each a thousand times the one before
 */
function scaled(value, decimals, names) {
  let size = 0;
  let rest = value;
  while (Math.abs(rest) >= 1_000 && size < names.length - 1) {
    rest /= 1_000;
    size += 1;
  }
  return grouped(rest, size ? (decimals ?? places(rest)) : decimals) + names[size];
}

/** @param {number} ms @param {number | null} decimals */
function duration(ms, decimals) {
  const size = Math.abs(ms);
  if (size < 1_000) return `${grouped(ms, size < 10 ? decimals : 0)} ms`;
  if (size < MINUTE) return `${grouped(ms / 1_000, decimals ?? places(ms / 1_000))} s`;
  if (size < HOUR) return `${grouped(ms / MINUTE, 1)} min`;
  return `${grouped(ms / HOUR, 1)} h`;
}
