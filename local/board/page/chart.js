// A chart of lines over time, by uPlot.

import uPlot from "/board/page/uplot/uPlot.esm.js";
import { computed, ofSeries } from "./colours.js";
import { format } from "./format.js";
import { bands } from "./series.js";

/** @typedef {import("./series.js").Lines} Lines */
/** @typedef {import("./series.js").Series} Series */
/** Pixels beside the plot, for whatever is to stand below it in line. */
export const MARGINS = { left: 62, right: 30 };
/** Steps between the labels of values. */
const NICE = Array.from({ length: 30 }, (_, index) => [1, 2, 5].map((step) => step * 10 ** (index - 12))).flat();
/** Steps between the labels of times, in seconds. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];
const AXIS_FONT = "11px system-ui, sans-serif";
/** So many lines are still told apart when the area below them is filled. */
const FILLED = 2;
/** Between the values and the ends of their axis, as a share of it. */
const ROOM = 0.08;
/** uPlot's own unit of time is a second. */
const SECOND = 1_000;

/** Stripes: what is made of too few. @param {string} color */
function hatch(color) {
  const size = 6 * devicePixelRatio;
  const tile = new OffscreenCanvas(size, size);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (tile.getContext("2d"));
  pen.strokeStyle = color;
  pen.lineWidth = devicePixelRatio;
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (pen.createPattern(tile, "repeat"));
}

/**
 * The two of uPlot's series that one line is.
 * @param {Series} series
 * @param {boolean} alone whether there are few enough lines to fill the area below them
 * @param {boolean} inBand
 */
function drawn(series, alone, inBand) {
  const { key, look } = series;
  const { name, dashed } = ofSeries(key, look.color);
  const color = computed(name);
  const { lineWidth = 1, fillOpacity = 0, drawStyle } = look.custom;
  const isBars = drawStyle === "bars";
  const filled = fillOpacity && !inBand && (alone || isBars);
  const common = {
    stroke: color,
    width: lineWidth,
    spanGaps: Boolean(look.custom.spanNulls),
    paths: isBars ? uPlot.paths.bars?.({ size: [0.8, 40], align: 1 }) : uPlot.paths.linear?.(),
    points: { size: 4, fill: color, ...(isBars ? { show: false } : {}) },
  };
  return [
    {
      ...common,
      dash: dashed ? [6, 4] : undefined,
      fill: filled ? computed(name, isStacked([series]) ? 1 : fillOpacity / 100) : undefined,
    },
    {
      ...common,
      width: Math.max(1, lineWidth - 1),
      dash: [2, 3],
      fill: alone ? () => hatch(computed(name, 0.5)) : undefined,
    },
  ];
}

/** The range of values: what the panel says, and some room where it says nothing. @param {Series[]} series */
function heights(series) {
  const least = Math.min(...series.map(({ look }) => look.min ?? Infinity));
  const most = Math.max(...series.map(({ look }) => look.max ?? -Infinity));
  return (/** @type {uPlot} */ _, /** @type {number} */ low, /** @type {number} */ high) => {
    const room = ROOM * (high - Math.min(low, least) || Math.abs(high) || 1);
    const bottom = low >= least ? least : low - room;
    return /** @type {[number, number]} */ ([bottom, high <= most ? most : high + room]);
  };
}

/** @param {number} seconds @param {number} stepS */
function clock(seconds, stepS) {
  const date = new Date(seconds * SECOND);
  if (stepS >= 86_400 || (date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0))
    return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return date.toLocaleTimeString("sv-SE").slice(0, stepS < 60 ? 8 : 5);
}

/** Labels of an axis, all with as many decimals as tell them apart. @param {number[]} splits @param {string} unit */
export function ticks(splits, unit) {
  const decimals = [0, 1, 2, 3].find((many) => {
    const texts = splits.map((split) => format(split, unit, many));
    return new Set(texts).size === texts.length;
  });
  return splits.map((split) => format(split, unit, decimals ?? null));
}

/**
 * @param {HTMLElement} place where it is drawn, as large as this is
 * @param {Lines} lines
 * @param {() => [number, number]} ends of the axis, as places; asked for with every new data
 * @param {object} listeners
 * @param {(index: number | null) => void} listeners.pointed at a place of the lines, or at none
 * @param {(from: number, to: number) => void} listeners.selected a stretch of the axis
 */
export function chartOf(place, lines, ends, { pointed, selected }) {
  const time = !lines.unit;
  const scale = time ? SECOND : 1;
  const unit = lines.series[0].look;
  const pairs = bands(lines.series);
  const alone = lines.series.length <= FILLED;
  const grid = { stroke: computed("grid"), width: 1 };
  const axes = { stroke: computed("faint"), font: AXIS_FONT, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      legend: { show: false },
      padding: [8, MARGINS.right, 0, 0],
      cursor: {
        sync: time ? { key: "board" } : undefined,
        drag: { x: true, y: false, setScale: false },
        points: { size: 7 },
      },
      scales: {
        x: { time: false, range: () => /** @type {[number, number]} */ (ends().map((end) => end / scale)) },
        y: { range: heights(lines.series) },
      },
      axes: [
        {
          ...axes,
          grid: { show: false },
          size: 26,
          space: 64,
          incrs: time ? CLOCK : NICE,
          values: (_, splits, __, ___, step) =>
            splits.map((split) => (time ? clock(split, step) : format(split, lines.unit))),
        },
        {
          ...axes,
          grid,
          space: 36,
          size: MARGINS.left,
          incrs: NICE,
          values: (_, splits) => ticks(splits, unit.unit),
        },
      ],
      series: [
        {},
        ...lines.series.flatMap((series, index) => drawn(series, alone, pairs.flat().includes(index))),
      ],
      bands: pairs.map(([upper, lower]) => ({
        series: [1 + 2 * upper, 1 + 2 * lower],
        fill: computed(ofSeries(lines.series[upper].key, lines.series[upper].look.color).name, 0.2),
      })),
      hooks: {
        setCursor: [(self) => pointed(self.cursor.idx ?? null)],
        setSelect: [
          (self) => {
            const { left, width } = self.select;
            if (width > 4) selected(self.posToVal(left, "x") * scale, self.posToVal(left + width, "x") * scale);
            self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
          },
        ],
      },
    },
    dataOf(lines),
    place,
  );
  return plot;
}

/** @param {Lines} lines @returns {any} what uPlot draws */
export function dataOf({ places, unit, series }) {
  const drawn = series.map(({ enough, few }) => [enough, few]);
  if (isStacked(series))
    for (let index = series.length - 2; index >= 0; index -= 1)
      drawn[index] = drawn[index].map((part, half) => onTop(part, drawn[index + 1][half]));
  return [places.map((one) => (unit ? one : one / SECOND)), ...drawn.flat()];
}

/** Whether bars stand on one another. @param {Series[]} series */
export const isStacked = (series) => series.some(({ look }) => look.custom.stacking?.mode === "normal");

/** @param {import("./series.js").Values} values @param {import("./series.js").Values} below */
const onTop = (values, below) =>
  values.map((value, index) => (value === null ? below[index] : value + (below[index] ?? 0)));
