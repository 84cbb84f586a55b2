// A panel of lines: the chart, and below it what each line says at the cursor, or at its end.

import { chartOf, dataOf, isStacked } from "../chart.js";
import { computed, ofSeries } from "../colours.js";
import { make } from "../dom.js";
import { format } from "../format.js";
import { moment } from "../range.js";
import { linesOf, newest } from "../series.js";
import { besideText, cell, textOf } from "../text.js";

/** @typedef {import("../series.js").Series} Series */
/** @typedef {import("../board.js").Board} Board */

/** Of an axis that is not time: a single place is no length. */
const LEAST_LENGTH = 10;

/**
 * @param {HTMLElement} place
 * @param {any} panel Grafana's JSON
 * @param {Board} board
 * @returns {import("../board.js").Drawing}
 */
export function timeseries(place, panel, board) {
  const canvas = make("div", { class: "chart", tabIndex: 0, role: "img" });
  const when = make("caption", { "aria-live": "polite" });
  const body = make("tbody");
  place.append(canvas, make("div", { class: "legend" }, make("table", {}, when, body)));
  const isBars = panel.type === "barchart";
  const config = isBars ? withBars(panel.fieldConfig) : panel.fieldConfig;
  /** @type {import("../series.js").Lines} */
  let lines = { places: [], unit: "", series: [] };
  /** @type {any} uPlot */
  let plot = null;
  let drawn = "";

  /** @returns {[number, number]} */
  function ends() {
    const { fromMs, toMs } = board.range();
    if (!lines.unit) return [fromMs, toMs];
    const [first = 0, second = first + 1] = lines.places;
    return [Math.min(0, first), Math.max(LEAST_LENGTH, (lines.places.at(-1) ?? 0) + (second - first))];
  }

  /** @param {number | null} index */
  function point(index) {
    const at = index === null ? null : lines.places[index];
    const told = at === null ? "latest" : lines.unit ? format(at, lines.unit) : moment(at);
    if (when.textContent !== told) when.textContent = told;
    body.replaceChildren(...lines.series.map((series) => entry(series, index, board)));
  }

  canvas.addEventListener("keydown", ({ key }) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!plot || !(step || key === "Escape")) return;
    const last = lines.places.length - 1;
    const to = Math.min(last, Math.max(0, (plot.cursor.idx ?? last + 1) + (step ?? 0)));
    plot.setCursor(step ? { left: plot.valToPos(plot.data[0][to], "x"), top: 0 } : { left: -10, top: -10 });
  });

  const resized = new ResizeObserver(() => {
    if (plot && canvas.clientWidth) plot.setSize({ width: canvas.clientWidth, height: canvas.clientHeight });
  });
  resized.observe(canvas);

  return {
    draw({ frames, interval_ms: intervalMs }) {
      const axis = isBars ? panel.options.xField : undefined;
      const untilMs = board.range().toMs;
      lines = linesOf(frames, config, { minN: board.minN(), axis, intervalMs, untilMs });
      const known = lines.series.filter((series) => newest(series) >= 0);
      if (!known.length) return false;
      if (isStacked(known)) lines.series = known;
      // A chart is made anew when it shows other lines, or the same in other colours.
      const looks = JSON.stringify([computed("ground"), lines.series.map(({ key, name }) => [key, name])]);
      if (looks !== drawn) {
        plot?.destroy();
        plot = chartOf(canvas, lines, ends, { pointed: point, selected: board.zoom });
      } else plot.setData(dataOf(lines));
      drawn = looks;
      point(plot.cursor.idx ?? null);
      canvas.setAttribute("aria-label", summary(panel.title, lines.series));
      if (!lines.unit) board.saw(lines.places);
      return true;
    },
    close() {
      resized.disconnect();
      plot?.destroy();
    },
  };
}

/** @param {any} config */
const withBars = (config) => ({
  ...config,
  defaults: { ...config.defaults, custom: { ...config.defaults.custom, drawStyle: "bars" } },
});

/** A line in the list below the chart. @param {Series} series @param {number | null} index @param {Board} board */
function entry(series, index, board) {
  const at = index ?? newest(series);
  const { name, dashed } = ofSeries(series.key, series.look.color);
  const swatch = make("i", { class: dashed ? "swatch dashed" : "swatch" });
  swatch.style.setProperty("--of", `var(--${name})`);
  const filter = Object.entries(series.labels).find(([label]) => board.offers(label));
  const chosen = filter ? () => board.choose(filter[0], filter[1]) : null;
  const few = series.n[at] !== null && /** @type {number} */ (series.n[at]) < board.minN();
  const text = at < 0 ? series.look.noValue : textOf(series.values[at], series.look, "number");
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, swatch, cell(series.look.title, chosen, filter ? `Only ${filter.join(" ")}` : "")),
    make("td", {}, make("span", { class: few ? "few" : "" }, text)),
    make("td", { class: "beside" }, at < 0 ? "" : besideText(series.n[at], series.completeness[at])),
  );
}

/** The picture in one sentence. @param {string} title @param {Series[]} series */
function summary(title, series) {
  const told = series.slice(0, 6).map((one) => {
    const at = newest(one);
    return `${one.look.title} ${at < 0 ? one.look.noValue : textOf(one.values[at], one.look, "number")}`;
  });
  const rest = series.length > 6 ? `, and ${series.length - 6} more` : "";
  return `${title}, latest: ${told.join(", ")}${rest}. Arrow keys move along it.`;
}
