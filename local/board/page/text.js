// One value of a field, as text and as something to click on. Pure, but for `cell`.

import { make } from "./dom.js";
import { format } from "./format.js";
import { moment } from "./range.js";

/** @typedef {import("./field.js").Field} Field */
/** @typedef {import("./field.js").Look} Look */

/** Grafana's id for a time of day. */
export const TIME = "dateTimeAsIso";

/**
 * @param {any} value
 * @param {Look} look
 * @param {string} type of the field
 * @returns {string} a value that is not known is never 0
 */
export function textOf(value, look, type) {
  if (value === null || value === undefined) return look.noValue;
  const mapped = look.mapped[String(value)]?.text;
  if (mapped) return mapped;
  if (type === "time" || look.unit === TIME) return moment(value);
  return type === "number" ? format(value, look.unit, look.decimals) : String(value);
}

/** `n 1,234 · 99.8 % complete`; what is not known is left out. @param {any} n @param {any} completeness */
export function besideText(n, completeness) {
  const told = [];
  if (n !== null && n !== undefined) told.push(`n ${format(n, "none", n < 10 ? null : 0)}`);
  if (completeness !== null && completeness !== undefined)
    told.push(`${format(completeness, "percentunit", completeness === 1 ? 0 : 1)} complete`);
  return told.join(" · ");
}

const IN_LINK = /\$\{(?:__value\.raw|__data\.fields\.(\w+)|(\w+)(?::\w+)?)\}/g;

/**
 * Where a click on a value leads, if anywhere: the field's data link, with the row's values and the dashboard's
 * variables in it. The time range is kept anyway.
 * @param {Field[]} fields of the frame
 * @param {number} row
 * @param {Field} field
 * @param {Look} look
 * @param {(name: string) => string} variable
 */
export function linkOf(fields, row, field, look, variable) {
  if (!look.link || field.values[row] === null) return "";
  return look.link.replace("&${__url_time_range}", "").replace(IN_LINK, (_, named, variableName) => {
    if (variableName) return encodeURIComponent(variable(variableName));
    const source = named ? fields.find(({ name }) => name === named) : field;
    return encodeURIComponent(source?.values[row] ?? "");
  });
}

/**
 * A text, or a button where a click does something.
 * @param {string} text
 * @param {(() => void) | null} chosen
 * @param {string} does for a person who does not see it
 */
export function cell(text, chosen, does) {
  if (!chosen) return make("span", {}, text);
  return make("button", { class: "value", type: "button", title: does, onclick: chosen }, text);
}
