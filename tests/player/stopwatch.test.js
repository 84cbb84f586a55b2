import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Stopwatch } from "../../player/demo/stopwatch.js";
import { FakeVideo } from "./fakes.js";

const LOOK_MS = 25;
let now_ms = 0;
mock.method(performance, "now", () => now_ms);
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setInterval"] });
});

/** A viewer who has seen the first second. */
function viewer() {
  const video = new FakeVideo();
  const stopwatch = new Stopwatch(video);
  const pass = (ms, { moves = true } = {}) => {
    for (let passed_ms = 0; passed_ms < ms; passed_ms += LOOK_MS) {
      now_ms += LOOK_MS;
      if (moves) video.currentTime += LOOK_MS / 1000;
      mock.timers.tick(LOOK_MS);
    }
  };
  video.starts();
  pass(1_000);
  return { video, stopwatch, pass };
}

test("startup ends when the playhead leaves its place, not when that is seen", () => {
  const video = new FakeVideo();
  const stopwatch = new Stopwatch(video);
  video.does("play", { paused: false });
  now_ms += 100;
  mock.timers.tick(LOOK_MS);
  for (const moved_s of [0.02, 0.025, 0.025, 0.025]) {
    now_ms += LOOK_MS;
    video.currentTime += moved_s;
    mock.timers.tick(LOOK_MS);
  }
  assert.equal(stopwatch.seen.startup_ms, 105);
});

test("a playhead that jumps and runs for a moment before it moves has not moved yet", () => {
  const { video, stopwatch, pass } = viewer();
  pass(2_000, { moves: false });
  video.currentTime += 0.08;
  pass(25);
  pass(50, { moves: false });
  pass(1_000);
  assert.deepEqual([stopwatch.seen.stalls, stopwatch.seen.stall_ms], [1, 2_075]);
});

test("a picture that stands still and goes on has stalled for so long", () => {
  const { stopwatch, pass } = viewer();
  pass(2_000, { moves: false });
  pass(1_000);
  assert.deepEqual([stopwatch.seen.stalls, stopwatch.seen.stall_ms], [1, 2_000]);
});

test("a nudge over a gap is part of the stall that it is meant to end, and no seek", () => {
  const { video, stopwatch, pass } = viewer();
  pass(2_000, { moves: false });
  video.does("seeking", { seeking: true, currentTime: video.currentTime + 0.1 });
  pass(500, { moves: false });
  video.does("seeked", { seeking: false });
  pass(1_000);
  assert.deepEqual([stopwatch.seen.stalls, stopwatch.seen.stall_ms, stopwatch.seen.seeks], [1, 2_500, 0]);
});

test("a player that seeks to where it stands is stuck: that is a stall, and no seek", () => {
  const { video, stopwatch, pass } = viewer();
  video.does("seeking", { seeking: true });
  pass(2_000, { moves: false });
  video.does("seeked", { seeking: false });
  pass(1_000);
  assert.deepEqual([stopwatch.seen.stalls, stopwatch.seen.stall_ms, stopwatch.seen.seeks], [1, 2_000, 0]);
});

test("a jump of the player ends a stall, and does not unmake it", () => {
  const { video, stopwatch, pass } = viewer();
  pass(2_000, { moves: false });
  video.does("seeking", { seeking: true, currentTime: 4 });
  pass(100, { moves: false });
  video.does("seeked", { seeking: false });
  pass(1_000);
  assert.deepEqual([stopwatch.seen.stalls, stopwatch.seen.stall_ms], [1, 2_000]);
});

test("a seek that takes long is no stall, and yet the picture stands still", () => {
  const { video, stopwatch, pass } = viewer();
  video.does("seeking", { seeking: true, currentTime: 40 });
  pass(4_000, { moves: false });
  assert.deepEqual([stopwatch.standing_ms, stopwatch.still_ms], [0, 4_000]);
  video.does("seeked", { seeking: false });
  pass(1_000);
  assert.equal(stopwatch.seen.stalls, 0);
});

test("a pause is no stall, also right after it", () => {
  const { video, stopwatch, pass } = viewer();
  video.does("pause", { paused: true });
  pass(4_000, { moves: false });
  assert.equal(stopwatch.still_ms, 0);
  video.does("play", { paused: false });
  pass(100, { moves: false });
  pass(1_000);
  assert.deepEqual([stopwatch.seen.stalls, stopwatch.seen.pauses], [0, 1]);
});

test("a page that was late did not see a stall", () => {
  const { video, stopwatch, pass } = viewer();
  now_ms += 900;
  video.currentTime += 0.9;
  pass(1_000);
  now_ms += 900;
  video.does("seeking", { seeking: true, currentTime: 40 });
  pass(100, { moves: false });
  assert.equal(stopwatch.seen.stalls, 0);
});
