// A panel of states over time: each field a lane, each state a stretch that lasts until the next one.

import { MARGINS } from "../chart.js";
import { css, ofSeries } from "../colours.js";
import { make } from "../dom.js";
import { lookOf } from "../field.js";
import { moment } from "../range.js";
import { stretchesOf } from "../stretches.js";
import { textOf } from "../text.js";

/** @typedef {import("../stretches.js").Stretch} Stretch */

/**
 * @param {HTMLElement} place
 * @param {any} panel Grafana's JSON
 * @param {import("../board.js").Board} board
 * @returns {import("../board.js").Drawing}
 */
export function states(place, panel, board) {
  return {
    draw({ frames }) {
      const lanes = frames.flatMap((frame) => {
        const times = frame.fields.find(({ type }) => type === "time")?.values ?? [];
        return frame.fields
          .filter(({ type }) => type !== "time")
          .map((field) => ({ field, look: lookOf(field, panel.fieldConfig), times }))
          .filter(({ look }) => !look.hidden)
          .map(({ field, look, times }) => ({ look, type: field.type, stretches: stretchesOf(times, field.values) }));
      });
      const all = lanes.flatMap(({ stretches }) => stretches);
      if (!all.length) return false;
      board.saw(all.flatMap((stretch) => [stretch.fromMs, stretch.toMs]));
      const { fromMs, toMs } = board.range();
      const ends = make("div", { class: "ends" }, make("span", {}, moment(fromMs)), make("span", {}, moment(toMs)));
      const drawn = lanes.map((lane) => laneOf(lane, fromMs, toMs));
      const whole = make("div", { class: "states" }, ...drawn, ends, legendOf(lanes));
      whole.style.setProperty("--left", `${MARGINS.left}px`);
      whole.style.setProperty("--right", `${MARGINS.right}px`);
      place.replaceChildren(whole);
      return true;
    },
    close() {},
  };
}

/** @param {any} lane @param {any} value */
function colorOf({ look }, value) {
  const color = look.mapped[String(value)]?.color;
  return color ? css(color) : `var(--${ofSeries(String(value)).name})`;
}

/** @param {any} lane @param {number} fromMs @param {number} toMs */
function laneOf(lane, fromMs, toMs) {
  const whole = toMs - fromMs;
  const drawn = lane.stretches.map((/** @type {Stretch} */ stretch) => {
    const text = textOf(stretch.value, lane.look, lane.type);
    const seconds = ((stretch.toMs - stretch.fromMs) / 1_000).toFixed(1);
    const told = `${text}, ${moment(stretch.fromMs)} to ${moment(stretch.toMs)}, ${seconds} s`;
    const state = { title: told, "data-state": String(stretch.value) };
    const made = make("li", state, make("span", { class: "unseen" }, told));
    made.style.setProperty("--of", colorOf(lane, stretch.value));
    made.style.left = `${(100 * (stretch.fromMs - fromMs)) / whole}%`;
    made.style.width = `${(100 * (stretch.toMs - stretch.fromMs)) / whole}%`;
    return made;
  });
  return make("section", {}, make("h4", {}, lane.look.title), make("ol", {}, ...drawn));
}

/** What the colours mean. @param {any[]} lanes */
function legendOf(lanes) {
  const shown = new Map();
  for (const lane of lanes)
    for (const { value } of lane.stretches)
      shown.set(textOf(value, lane.look, lane.type), [value, colorOf(lane, value)]);
  const entries = [...shown].map(([text, [value, color]]) => {
    const swatch = make("i", { class: "swatch", "data-state": String(value) });
    swatch.style.setProperty("--of", color);
    return make("li", {}, swatch, text);
  });
  return make("ul", { class: "meanings" }, ...entries);
}
