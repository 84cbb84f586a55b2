// Frames as lines: what is not known is no zero, and what is made of too few is told apart.

import assert from "node:assert/strict";
import test from "node:test";

import { bands, linesOf, newest, parted } from "../../../../local/board/page/series.js";

/** @param {string} name @param {any[]} values @param {Record<string, string>} [labels] */
const numbers = (name, values, labels = {}) => ({ name, type: "number", labels, values });
/** @param {number[]} values */
const times = (values) => ({ name: "time", type: "time", labels: {}, values });
/** @param {...any} fields */
const frame = (...fields) => ({ name: "", fields, notices: [] });

test("n and completeness stand beside the figure with the same labels", () => {
  const [a, b] = [{ cdn: "a" }, { cdn: "b" }];
  const answer = frame(
    times([0, 10]),
    numbers("completeness", [1, 0.9], b),
    numbers("n", [30, 31], a),
    numbers("n", [5, 6], b),
    numbers("ratio", [0.1, 0.2], a),
    numbers("ratio", [0.3, 0.4], b),
  );
  const { series } = linesOf([answer], {}, { minN: 10 });
  assert.deepEqual(series.map(({ key, n, completeness }) => ({ key, n, completeness })), [
    { key: "a", n: [30, 31], completeness: [null, null] },
    { key: "b", n: [5, 6], completeness: [1, 0.9] },
  ]);
});

test("frames of different times share one axis, with gaps where one says nothing", () => {
  const { places, series } = linesOf(
    [frame(times([0, 20]), numbers("x", [1, 2])), frame(times([10]), numbers("y", [3]))],
    {},
    { minN: 0 },
  );
  assert.deepEqual(places, [0, 10, 20]);
  assert.deepEqual(series.map(({ values }) => values), [[1, null, 2], [null, 3, null]]);
});

test("a bucket that is missing leaves a gap", () => {
  const answer = frame(times([0, 10, 40]), numbers("x", [1, 1, 1]));
  const { places, series } = linesOf([answer], {}, { minN: 0, intervalMs: 10 });
  assert.deepEqual(places, [0, 10, 20, 40]);
  assert.deepEqual(series[0].values, [1, 1, null, 1]);
});

test("a bucket that is not over is not drawn", () => {
  const answer = frame(times([0, 10, 20]), numbers("x", [5, 5, 1]));
  const { places, series } = linesOf([answer], {}, { minN: 0, intervalMs: 10, untilMs: 25 });
  assert.deepEqual(places, [0, 10]);
  assert.deepEqual(series[0].values, [5, 5]);
});

test("a value that is not known is in neither part of its line", () => {
  assert.deepEqual(parted([null, 1, null], [50, 50, 5], 10), { enough: [null, 1, null], few: [null, null, null] });
});

test("a line is parted where it is made of too few, and its parts meet", () => {
  assert.deepEqual(parted([1, 2, 3, 4], [50, 50, 5, 5], 10), { enough: [1, 2, 3, null], few: [null, null, 3, 4] });
});

test("a line that says nothing of n is made of enough", () => {
  assert.deepEqual(parted([1, 2], [null, null], 10), { enough: [1, 2], few: [null, null] });
});

test("the newest value is the last one that is known", () => {
  const { series } = linesOf([frame(times([0, 1, 2]), numbers("x", [1, 0, null]))], {}, { minN: 0 });
  assert.equal(newest(series[0]), 1);
});

test("a band lies between a line and the one that Grafana's fillBelowTo names", () => {
  const config = {
    defaults: {},
    overrides: [
      { matcher: { id: "byName", options: "high" }, properties: [{ id: "custom.fillBelowTo", value: "low" }] },
    ],
  };
  const labels = [{ cdn: "a" }, { cdn: "b" }];
  const fields = labels.flatMap((one) => [numbers("high", [3], one), numbers("low", [1], one)]);
  assert.deepEqual(bands(linesOf([frame(times([0]), ...fields)], config, { minN: 0 }).series), [[0, 1], [2, 3]]);
});
