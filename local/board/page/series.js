// Frames -> the lines of a chart. Pure.

import { beside, figures, labelled, lookOf } from "./field.js";

/** @typedef {import("./field.js").Frame} Frame */
/** @typedef {import("./field.js").Look} Look */
/** @typedef {(number | null)[]} Values one per place on the axis; null: not known, and not drawn */
/**
 * One line.
 * @typedef {object} Series
 * @property {string | number} key what it is about; the same in every panel
 * @property {string} name of its field
 * @property {Record<string, string>} labels
 * @property {Look} look
 * @property {Values} values
 * @property {Values} n how many each is made of; null where nothing says so
 * @property {Values} completeness
 * @property {Values} enough the values that are made of enough, with the ends of what joins them
 * @property {Values} few the others
 */
/** @typedef {{ places: number[], unit: string, series: Series[] }} Lines places: epoch ms if `unit` is empty */

/**
 * @param {Frame[]} frames
 * @param {any} config fieldConfig of the panel
 * @param {object} options
 * @param {number} options.minN a figure made of less is from too few
 * @param {string} [options.axis] name or title of the field along the axis; without it, the one of time
 * @param {number} [options.intervalMs] length of a bucket
 * @param {number} [options.untilMs] a bucket that ends later is not over, and not drawn
 * @returns {Lines}
 */
export function linesOf(frames, config, { minN, axis, intervalMs, untilMs }) {
  const sources = frames.flatMap((frame) => {
    const along = frame.fields.find((field) =>
      axis ? [field.name, lookOf(field, config).title].includes(axis) : field.type === "time",
    );
    return along ? [{ frame, along }] : [];
  });
  const places = placesOf(sources.map(({ along }) => along.values), intervalMs, untilMs);
  const row = new Map(places.map((place, index) => [place, index]));
  const series = sources.flatMap(({ frame, along }) => {
    /** @param {import("./field.js").Field | undefined} field @returns {Values} */
    const spread = (field) => {
      const values = new Array(places.length).fill(null);
      for (const [index, place] of along.values.entries()) {
        const at = row.get(place);
        if (field && at !== undefined) values[at] = field.values[index];
      }
      return values;
    };
    return figures(frame, config)
      .filter(({ field }) => field !== along)
      .map(({ field, look }, index) => {
        const values = spread(field);
        const n = spread(beside(frame, field, "n"));
        return {
          key: keyOf(field, index),
          name: field.name,
          labels: field.labels,
          look,
          values,
          n,
          completeness: spread(beside(frame, field, "completeness")),
          ...parted(values, n, minN),
        };
      });
  });
  const unit = axis && sources.length ? lookOf(sources[0].along, config).unit : "";
  return { places, unit, series };
}

/** A group keeps its colour in every panel; lines without labels take colours in their order. */
const keyOf = (/** @type {import("./field.js").Field} */ field, /** @type {number} */ index) =>
  Object.keys(field.labels).length ? labelled(field) : index;

/**
 * Every place of several axes, in order. Between two buckets with others in between comes a place without values:
 * a line across it would tell of what nobody measured.
 * @param {number[][]} axes
 * @param {number} [intervalMs]
 * @param {number} [untilMs]
 */
function placesOf(axes, intervalMs, untilMs = Infinity) {
  const sorted = [...new Set(axes.flat())].filter((place) => place !== null).sort((one, other) => one - other);
  if (!intervalMs || sorted.some((place) => place % intervalMs)) return sorted;
  const over = sorted.filter((place) => place + intervalMs <= untilMs);
  return over.flatMap((place, index) => {
    const next = over[index + 1];
    return next - place > 1.5 * intervalMs ? [place, place + intervalMs] : [place];
  });
}

/**
 * A line in two: what is made of at least `minN`, and what is made of less. The point behind a stretch belongs
 * to both, so that no gap shows where they meet.
 * @param {Values} values
 * @param {Values} n
 * @param {number} minN
 * @returns {{ enough: Values, few: Values }}
 */
export function parted(values, n, minN) {
  /** @param {number} index */
  const isFew = (index) => n[index] !== null && /** @type {number} */ (n[index]) < minN;
  /** @param {boolean} wanted */
  const part = (wanted) =>
    values.map((value, index) => {
      const joins = index > 0 && values[index - 1] !== null && isFew(index - 1) === wanted;
      return isFew(index) === wanted || joins ? value : null;
    });
  return { enough: part(false), few: part(true) };
}

/** The last place at which a line has a value; -1 without any. @param {Series} series */
export const newest = ({ values }) => values.findLastIndex((value) => value !== null);

/**
 * Pairs of lines between which the area is filled: Grafana's `fillBelowTo`, which names the lower one.
 * @param {Series[]} series
 * @returns {[number, number][]} (upper, lower)
 */
export const bands = (series) =>
  series.flatMap(({ look, labels }, upper) => {
    const below = look.custom.fillBelowTo;
    const same = JSON.stringify(labels);
    const lower = series.findIndex(
      (other) => (other.look.title === below || other.name === below) && JSON.stringify(other.labels) === same,
    );
    return below && lower >= 0 ? [/** @type {[number, number]} */ ([upper, lower])] : [];
  });
