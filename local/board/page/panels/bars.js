// A panel of bars: one row per group, the longest first; a click on a group filters by it.

import { ofSeries } from "../colours.js";
import { make } from "../dom.js";
import { beside, figures, lookOf } from "../field.js";
import { besideText, cell, textOf } from "../text.js";

const MOST_BARS = 12;

/** @typedef {{ title: string, filter: [string, string] | null, value: number | null, n: any, completeness: any, key: string }} Bar */

/**
 * @param {HTMLElement} place
 * @param {any} panel Grafana's JSON
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Drawing}
 */
export function bars(place, panel, board) {
  return {
    draw({ frames }) {
      const [figure] = frames.flatMap((frame) => figures(frame, panel.fieldConfig));
      const found = frames.flatMap((frame) => barsOf(frame, panel, board));
      found.sort((one, other) => (other.value ?? -Infinity) - (one.value ?? -Infinity));
      const most = Math.max(...found.map(({ value }) => value ?? 0), figure?.look.max ?? 0) || 1;
      const rows = found.slice(0, MOST_BARS).map((bar) => row(bar, figure.look, most, board));
      place.replaceChildren(make("div", { class: "bars" }, make("table", {}, make("tbody", {}, ...rows))));
      return found.length > 0;
    },
    close() {},
  };
}

/**
 * The bars of a frame: its rows, where a column of text names them, else its labelled fields.
 * @param {import("../field.js").Frame} frame
 * @param {any} panel
 * @param {import("../board.js").Board} board
 * @returns {Bar[]}
 */
function barsOf(frame, panel, board) {
  const [named, figure] = [frame.fields.find(({ type }) => type === "string"), figures(frame, panel.fieldConfig)];
  if (named && figure[0])
    return named.values.map((name, index) => ({
      title: textOf(name, lookOf(named, panel.fieldConfig), "string"),
      filter: board.offers(named.name) ? [named.name, name] : null,
      value: figure[0].field.values[index],
      n: beside(frame, figure[0].field, "n")?.values[index] ?? null,
      completeness: beside(frame, figure[0].field, "completeness")?.values[index] ?? null,
      key: String(name),
    }));
  return figure.map(({ field, look }) => {
    const filter = Object.entries(field.labels).find(([label]) => board.offers(label));
    return {
      title: look.title,
      filter: filter ?? null,
      value: field.values.at(-1) ?? null,
      n: beside(frame, field, "n")?.values.at(-1) ?? null,
      completeness: beside(frame, field, "completeness")?.values.at(-1) ?? null,
      key: look.title,
    };
  });
}

/** @param {Bar} bar @param {import("../field.js").Look} look @param {number} most @param {import("../board.js").Board} board */
function row({ title, filter, value, n, completeness, key }, look, most, board) {
  const few = n !== null && n < board.minN();
  const line = make("i", { class: few ? "few" : "" });
  line.style.setProperty("--share", String(Math.max(0, (value ?? 0) / most)));
  line.style.setProperty("--of", `var(--${ofSeries(key, look.color).name})`);
  const chosen = filter ? () => board.choose(...filter) : null;
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, cell(title, chosen, filter ? `Only ${filter[0]} ${filter[1]}` : "")),
    make("td", { class: "line" }, line),
    make("td", { class: value === null ? "unknown" : "number" }, textOf(value, look, "number")),
    make("td", { class: "beside" }, besideText(n, completeness)),
  );
}
