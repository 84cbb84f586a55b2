// Time ranges.

import assert from "node:assert/strict";
import test from "node:test";

import { held, inWords, isLive, isRange, OFFERED, released, resolve } from "../../../../local/board/page/range.js";

const NOW = 1_764_360_000_000;

test("a time is now, some time before now, or epoch milliseconds", () => {
  assert.equal(resolve("now", NOW), NOW);
  assert.equal(resolve("now-15m", NOW), NOW - 900_000);
  assert.equal(resolve("now-2d", NOW), NOW - 172_800_000);
  assert.equal(resolve("1764356400000", NOW), 1_764_356_400_000);
  for (const wrong of ["", "yesterday", "now-", "now-5y", "-1", "1e3"]) assert.ok(Number.isNaN(resolve(wrong, NOW)));
});

test("a range ends after it begins", () => {
  assert.ok(isRange({ from: "now-1h", to: "now" }));
  assert.ok(!isRange({ from: "now", to: "now-1h" }));
  assert.ok(!isRange({ from: "later", to: "now" }));
});

test("what was held goes on with the same length", () => {
  for (const back of OFFERED) {
    const range = { from: `now-${back}`, to: "now" };
    const still = held(range, NOW);
    assert.ok(!isLive(still));
    const again = released(still, NOW + 7_777);
    assert.ok(isLive(again));
    assert.equal(resolve(again.from, NOW), resolve(range.from, NOW));
  }
});

test("a range is told in words", () => {
  assert.equal(inWords({ from: "now-15m", to: "now" }), "Last 15 min");
  assert.match(inWords({ from: "0", to: "60000" }), /^1970-01-01 .+ to 1970-01-01 .+$/);
});
