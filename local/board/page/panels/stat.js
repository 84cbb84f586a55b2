// A panel of one figure: large, with what it is made of.

import { css } from "../colours.js";
import { make } from "../dom.js";
import { beside, figures, stepColor } from "../field.js";
import { besideText, textOf } from "../text.js";

/**
 * @param {HTMLElement} place
 * @param {any} panel Grafana's JSON
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Drawing}
 */
export function stat(place, panel, board) {
  const chosen = new RegExp(panel.options.reduceOptions?.fields?.replace(/^\/|\/$/g, "") || "");
  return {
    draw({ frames }) {
      const found = frames.flatMap((frame) =>
        figures(frame, panel.fieldConfig)
          .filter(({ field, look }) => chosen.test(look.title) || chosen.test(field.name))
          .map(({ field, look }) => ({ frame, field, look })),
      );
      place.replaceChildren(...found.map(({ frame, field, look }) => figure(frame, field, look, board)));
      return found.length > 0 && found.some(({ field }) => field.values.length > 0);
    },
    close() {},
  };
}

/**
 * @param {import("../field.js").Frame} frame
 * @param {import("../field.js").Field} field
 * @param {import("../field.js").Look} look
 * @param {import("../board.js").Board} board
 */
function figure(frame, field, look, board) {
  const known = field.values.findLastIndex((value) => value !== null);
  const row = known < 0 ? field.values.length - 1 : known;
  const value = field.values[row] ?? null;
  const n = beside(frame, field, "n")?.values[row] ?? null;
  const few = n !== null && n < board.minN();
  const number = make("strong", { class: few ? "few" : "" }, textOf(value, look, field.type));
  if (value === null) number.classList.add("unknown");
  else if (look.steps.length > 1) number.style.setProperty("--state", css(stepColor(look, value)));
  if (look.steps.length > 1) number.classList.add("state");
  const words = besideText(n, beside(frame, field, "completeness")?.values[row]);
  const told = make("small", {}, few ? `${words} · too few` : words);
  return make("div", { class: "figure" }, number, told);
}
