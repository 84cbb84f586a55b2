import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../player/clock.js";

const START_MS = 1_795_456_000_000;

function clocks() {
  const at = { wall: START_MS, mono: 5_000 };
  return { at, clock: new Clock(() => at.wall, () => at.mono) };
}

test("a small correction of the system's clock changes no duration", () => {
  const { at, clock } = clocks();
  at.wall += 1_000 - 3_000;
  at.mono += 1_000;
  assert.deepEqual(clock.at(0), { ts: START_MS + 1_000, mono: 6_000 });
});

test("times never go back through small corrections", () => {
  const { at, clock } = clocks();
  const seen = [];
  for (const step_ms of [0, -20_000, 15_000, -40_000]) {
    at.wall += step_ms + 10;
    at.mono += 10;
    seen.push(clock.at(0).ts);
  }
  assert.deepEqual(seen, [10, 20, 30, 40].map((ms) => START_MS + ms));
});

test("a device that slept, its monotonic clock with it, tells that time has passed", () => {
  const { at, clock } = clocks();
  at.wall += 3_600_000;
  assert.equal(clock.at(0).ts, START_MS + 3_600_000);
});

test("a clock that is set back by years is believed: the server knows how to read it", () => {
  const { at, clock } = clocks();
  at.wall -= 5 * 365 * 86_400_000;
  assert.equal(clock.at(0).ts, at.wall);
});

test("what is seen later is told as of when it happened, by both clocks", () => {
  const { clock } = clocks();
  assert.deepEqual(clock.at(120), { ts: START_MS - 120, mono: 4_880 });
});
