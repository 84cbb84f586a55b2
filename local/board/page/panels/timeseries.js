// A panel of lines: the chart, and below it what each line says at the cursor, or at its end.

import { chartOf, dataOf } from "../chart.js";
import { computed, ofSeries } from "../colours.js";
import { make } from "../dom.js";
import { moment } from "../range.js";
import { linesOf, newest } from "../series.js";
import { besideText, cell, textOf } from "../text.js";

/** @typedef {import("../series.js").Series} Series */
/** @typedef {import("../board.js").Board} Board */

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
  /** @type {import("../series.js").Lines} */
  let lines = { places: [], series: [] };
  /** @type {any} uPlot */
  let plot = null;
  let drawn = "";
  let theme = "";
  const axisName = panel.type === "trend" ? panel.options.xField : undefined;

  /** @param {number | null} index */
  function point(index) {
    const at = index === null ? null : lines.places[index];
    when.textContent = at === null ? "latest" : axisName ? textOf(at, axisLook(), "number") : moment(at);
    body.replaceChildren(...lines.series.map((series) => entry(series, index, board)));
  }

  const axisLook = () => ({ ...lines.series[0].look, unit: panel.options?.xUnit ?? "none", mapped: {}, decimals: null });

  /** @param {number} step */
  function move(step) {
    const last = lines.places.length - 1;
    const from = plot.cursor.idx ?? last - step;
    const to = Math.min(last, Math.max(0, from + step));
    plot.setCursor({ left: plot.valToPos(plot.data[0][to], "x"), top: 0 });
  }
  canvas.addEventListener("keydown", ({ key }) => {
    if (!plot) return;
    if (key === "ArrowLeft") move(-1);
    if (key === "ArrowRight") move(1);
    if (key === "Escape") plot.setCursor({ left: -10, top: -10 });
  });

  const resized = new ResizeObserver(() => {
    if (plot && canvas.clientWidth) plot.setSize({ width: canvas.clientWidth, height: canvas.clientHeight });
  });
  resized.observe(canvas);

  function redraw() {
    plot?.destroy();
    const { fromMs, toMs } = board.range();
    const numbers = { from: lines.places[0], to: lines.places.at(-1) ?? 1, time: false, unit: panel.options?.xUnit ?? "none" };
    const axis = axisName ? numbers : { from: fromMs, to: toMs, time: true, unit: "" };
    plot = chartOf(canvas, lines, axis, { pointed: point, selected: board.zoom });
  }

  return {
    draw({ frames, interval_ms: intervalMs }) {
      const stepped = panel.fieldConfig.defaults.custom?.lineInterpolation?.startsWith("step");
      lines = linesOf(frames, panel.fieldConfig, {
        minN: board.minN(),
        axis: axisName,
        intervalMs: stepped ? intervalMs : undefined,
      });
      if (!lines.series.some((series) => newest(series) >= 0)) return false;
      const keys = JSON.stringify([lines.series.map(({ key, name }) => [key, name]), board.range(), axisName && lines.places.length]);
      const now = computed("ground");
      if (plot && keys === drawn && now === theme) plot.setData(dataOf(lines, axisName ? 1 : undefined));
      else redraw();
      [drawn, theme] = [keys, now];
      point(plot.cursor.idx ?? null);
      canvas.setAttribute("aria-label", summary(panel.title, lines.series));
      return true;
    },
    close() {
      resized.disconnect();
      plot?.destroy();
    },
  };
}

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
    make("th", { scope: "row" }, swatch, cell(series.look.title, chosen, filter ? `Only ${filter[0]} ${filter[1]}` : "")),
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
