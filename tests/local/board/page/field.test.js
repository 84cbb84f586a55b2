// A panel's fieldConfig, as Grafana applies it.

import assert from "node:assert/strict";
import test from "node:test";

import { lookOf, stepColor } from "../../../../local/board/page/field.js";

const FIELD = { name: "ratio", type: "number", labels: { cdn: "cdn-a", device: "tv" }, values: [] };
/** @param {any} matcher @param {...any} properties */
const override = (matcher, ...properties) => ({ matcher, properties });

test("an override wins over the defaults, for the field that it names", () => {
  const defaults = { unit: "none", decimals: 1, custom: { lineWidth: 1, fillOpacity: 10 } };
  const unit = { id: "unit", value: "percentunit" };
  const width = { id: "custom.lineWidth", value: 3 };
  const overrides = [
    override({ id: "byName", options: "ratio" }, unit, width),
    override({ id: "byName", options: "n" }, { id: "unit", value: "ms" }),
  ];
  const look = lookOf(FIELD, { defaults, overrides });
  assert.deepEqual([look.unit, look.decimals, look.custom], ["percentunit", 1, { lineWidth: 3, fillOpacity: 10 }]);
});

test("a field is called by its title, its labels or its name", () => {
  /** @param {any} defaults */
  const title = (defaults) => lookOf(FIELD, { defaults }).title;
  assert.equal(title({}), "cdn-a · tv");
  assert.equal(title({ displayName: "rebuffer ratio" }), "rebuffer ratio");
  assert.equal(lookOf({ ...FIELD, labels: {} }, {}).title, "ratio");
});

test("a value has the colour of the last threshold that it reaches", () => {
  const steps = [{ value: null, color: "green" }, { value: 0.01, color: "orange" }, { value: 0.05, color: "red" }];
  const look = lookOf(FIELD, { defaults: { thresholds: { steps } } });
  assert.deepEqual([0, 0.01, 0.5].map((value) => stepColor(look, value)), ["green", "orange", "red"]);
});
