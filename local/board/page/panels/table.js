// A panel of rows, sorted by any column; its values lead on.

import { css } from "../colours.js";
import { make } from "../dom.js";
import { lookOf, stepColor } from "../field.js";
import { isFew, order } from "../rows.js";
import { cell, linkOf, textOf } from "../text.js";

/** @typedef {import("../field.js").Field} Field */
/** @typedef {import("../field.js").Look} Look */
/** @typedef {{ field: Field, look: Look }} Column */

const MOST_ROWS = 200;
/** Characters of a text that stays on one line. */
const SHORT = 40;

/**
 * @param {HTMLElement} place
 * @param {any} panel Grafana's JSON
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Drawing}
 */
export function table(place, panel, board) {
  /** @type {{ name: string, falling: boolean } | null} */
  let sorted = null;
  const scroll = make("div", { class: "rows", tabIndex: 0, role: "region", "aria-label": panel.title });
  const more = make("p", { class: "more" });
  place.append(scroll, more);
  /** @type {import("../field.js").Frame} */
  let frame = { name: "", fields: [], notices: [] };

  /** @param {string} name */
  function sortBy(name) {
    sorted = { name, falling: sorted?.name === name ? !sorted.falling : true };
    redraw();
    /** @type {HTMLElement | null} */ (scroll.querySelector(`[data-column="${CSS.escape(name)}"]`))?.focus();
  }

  function redraw() {
    const fields = frame.fields;
    const columns = fields
      .map((field) => ({ field, look: lookOf(field, panel.fieldConfig) }))
      .filter(({ look }) => !look.hidden);
    const length = fields[0]?.values.length ?? 0;
    const rows = order(fields, length, sorted).slice(0, MOST_ROWS);
    const head = make("tr", {}, ...columns.map((column) => heading(column, sorted, sortBy)));
    const body = rows.map((row) =>
      make("tr", {}, ...columns.map((column) => valueCell(column, fields, row, board))),
    );
    scroll.replaceChildren(make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
    more.textContent = length > MOST_ROWS ? `and ${length - MOST_ROWS} more` : "";
    return length > 0;
  }

  return {
    draw({ frames }) {
      frame = frames[0] ?? frame;
      return redraw();
    },
    close() {},
  };
}

/** @param {Column} column @param {any} sorted @param {(name: string) => void} sortBy */
function heading({ field, look }, sorted, sortBy) {
  const falling = sorted?.name === field.name ? sorted.falling : null;
  const direction = falling === null ? "none" : falling ? "descending" : "ascending";
  const onclick = () => sortBy(field.name);
  const button = make("button", { type: "button", "data-column": field.name, onclick }, look.title);
  return make("th", { scope: "col", class: field.type, "aria-sort": direction }, button);
}

/** @param {Column} column @param {Field[]} fields @param {number} row @param {import("../board.js").Board} board */
function valueCell({ field, look }, fields, row, board) {
  const value = field.values[row];
  const link = board.follow(linkOf(fields, row, field, look, board.value));
  const filters = !link && value !== null && board.offers(field.name);
  const chosen = link ?? (filters ? () => board.choose(field.name, String(value)) : null);
  const does = link ? `Show ${value}` : `Only ${look.title} ${value}`;
  const text = textOf(value, look, field.type);
  const shown = cell(text, chosen, does);
  const made = make("td", { class: text.length <= SHORT ? `${field.type} short` : field.type }, shown);
  if (value === null) made.classList.add("unknown");
  else if (field.type === "number" && isFew(fields, row, board.minN())) shown.classList.add("few");
  const stepped = look.custom.cellOptions?.type === "color-text" ? stepColor(look, value) : "";
  const color = look.mapped[String(value)]?.color ?? stepped;
  if (color && value !== null) {
    made.classList.add("state");
    made.style.setProperty("--state", css(color));
  }
  return made;
}
