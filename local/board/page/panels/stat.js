// A panel of one figure: large, with what it is made of, and its course where the answer has one.

import { css } from "../colours.js";
import { make } from "../dom.js";
import { beside, figures, stepColor } from "../field.js";
import { besideText, textOf } from "../text.js";

const COURSE = { width: 120, height: 28 };

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
  const course = frame.fields.some(({ type }) => type === "time") ? courseOf(field.values) : "";
  return make("div", { class: "figure" }, number, told, course);
}

/** A line without axes. @param {(number | null)[]} values */
function courseOf(values) {
  const known = values.flatMap((value, index) => (value === null ? [] : [[index, value]]));
  if (known.length < 2) return "";
  const most = Math.max(...known.map(([, value]) => value)) || 1;
  const { width, height } = COURSE;
  const points = known.map(([index, value]) => {
    const x = (index / (values.length - 1)) * width;
    return `${x.toFixed(1)},${(height - 1 - (value / most) * (height - 2)).toFixed(1)}`;
  });
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "polyline");
  line.setAttribute("points", points.join(" "));
  drawing.append(line);
  return drawing;
}
