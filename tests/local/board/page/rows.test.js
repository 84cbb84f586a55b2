// The rows of a table.

import assert from "node:assert/strict";
import test from "node:test";

import { isFew, order } from "../../../../local/board/page/rows.js";

/** @param {string} name @param {any[]} values */
const column = (name, values) => ({ name, type: "number", labels: {}, values });

test("rows stay as they came until a column is chosen", () => {
  assert.deepEqual(order([column("stalls", [1, 3, 2])], 3, null), [0, 1, 2]);
});

test("what is not known stands last, whichever way rows are sorted", () => {
  const fields = [column("stalls", [1, null, 0, 3])];
  assert.deepEqual(order(fields, 4, { name: "stalls", falling: true }), [3, 0, 2, 1]);
  assert.deepEqual(order(fields, 4, { name: "stalls", falling: false }), [2, 0, 3, 1]);
});

test("a group is of too few below the chosen n", () => {
  const fields = [column("ratio", [0.1, 0.2]), column("n", [9, 10])];
  assert.deepEqual([isFew(fields, 0, 10), isFew(fields, 1, 10)], [true, false]);
});

test("one session is no group of too few, and neither is what says nothing of n", () => {
  assert.ok(!isFew([column("session_id", ["s"]), column("n", [1])], 0, 10));
  assert.ok(!isFew([column("ratio", [0.1])], 0, 10));
  assert.ok(!isFew([column("n", [null])], 0, 10));
});
