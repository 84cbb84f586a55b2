// States as stretches of time.

import assert from "node:assert/strict";
import test from "node:test";

import { stretchesOf } from "../../../../local/board/page/stretches.js";

test("a state lasts until the next one, and null ends it", () => {
  assert.deepEqual(stretchesOf([0, 10, 30], ["play", "stall", null]), [
    { fromMs: 0, toMs: 10, value: "play" },
    { fromMs: 10, toMs: 30, value: "stall" },
  ]);
});

test("a state that is told again goes on", () => {
  assert.deepEqual(stretchesOf([0, 5, 9], ["play", "play", null]), [{ fromMs: 0, toMs: 9, value: "play" }]);
});

test("between two stretches may be nothing", () => {
  const found = stretchesOf([0, 5, 7, 9], ["play", null, "play", null]);
  assert.deepEqual(found.map(({ fromMs, toMs }) => [fromMs, toMs]), [[0, 5], [7, 9]]);
});

test("what was told last has no length yet", () => {
  assert.deepEqual(stretchesOf([0], ["play"]), []);
});
