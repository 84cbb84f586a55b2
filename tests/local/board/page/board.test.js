// The dashboard's panels in their order, and its variables.

import assert from "node:assert/strict";
import test from "node:test";

import { arranged, toggled, valuesOf } from "../../../../local/board/page/board.js";

const LIST = [
  { name: "datasource", type: "datasource", current: {} },
  { name: "cdn", type: "query", current: { value: ["$__all"] } },
  { name: "min_n", type: "custom", current: { value: "10" } },
  { name: "session", type: "textbox", query: "66454545556" },
];
const DASHBOARD = { templating: { list: LIST } };
/** @param {Record<string, string[]>} variables */
const shown = (variables) => ({ dashboard: "quality", range: { from: "now-1h", to: "now" }, variables });

test("single figures come first, and headings without panels go", () => {
  const panels = [
    { type: "row", title: "In the period" },
    { type: "stat", id: 1 },
    { type: "row", title: "Over time" },
    { type: "timeseries", id: 2 },
    { type: "stat", id: 3 },
  ];
  const { headline, sections } = arranged({ panels });
  assert.deepEqual(headline.map(({ id }) => id), [1, 3]);
  assert.deepEqual(sections, [{ title: "Over time", panels: [{ type: "timeseries", id: 2 }] }]);
});

test("panels of a collapsed row are shown under its heading", () => {
  const { sections } = arranged({ panels: [{ type: "row", title: "More", panels: [{ type: "table", id: 4 }] }] });
  assert.deepEqual(sections, [{ title: "More", panels: [{ type: "table", id: 4 }] }]);
});

test("a variable has the values of the address, or those of the dashboard; All is none", () => {
  assert.deepEqual(valuesOf(DASHBOARD, shown({ cdn: ["a", "b"] }), "cdn"), ["a", "b"]);
  assert.deepEqual(valuesOf(DASHBOARD, shown({}), "cdn"), []);
  assert.deepEqual(valuesOf(DASHBOARD, shown({ cdn: ["$__all"] }), "cdn"), []);
  assert.deepEqual(valuesOf(DASHBOARD, shown({}), "min_n"), ["10"]);
  assert.deepEqual(valuesOf(DASHBOARD, shown({}), "session"), ["66454545556"]);
});

test("a value that is chosen a second time is let go", () => {
  const chosen = toggled(shown({ cdn: ["a", "b"] }), "cdn", "a");
  assert.deepEqual(chosen.variables, { cdn: ["a"] });
  assert.deepEqual(toggled(chosen, "cdn", "a").variables, {});
});
