import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../../player/queue.js";

const types = (events) => events.map((event) => event.type);

function queueOf(most, ...names) {
  const queue = new Queue(most);
  for (const type of names) queue.add({ type });
  return queue;
}

test("what is taken is the oldest, in its order, as much as fits", () => {
  const queue = queueOf(10, "a", "b", "c");
  const bytes = JSON.stringify({ type: "a" }).length + 1;
  assert.deepEqual(types(queue.take(10, 2 * bytes)), ["a", "b"]);
  assert.deepEqual(types(queue.waiting), ["c"]);
});

test("an event that is too large for a body goes alone", () => {
  const queue = queueOf(10, "x".repeat(100), "b");
  assert.equal(queue.take(10, 50).length, 1);
});

test("the newest can be taken, in their order", () => {
  const queue = queueOf(10, "a", "b", "c");
  assert.deepEqual(types(queue.take(2, 1000, true)), ["b", "c"]);
  assert.deepEqual(types(queue.waiting), ["a"]);
});

test("a queue that is full drops the oldest heartbeat first, and counts it", () => {
  const queue = queueOf(3, "playing", "heartbeat", "heartbeat", "pause");
  assert.deepEqual(types(queue.waiting), ["playing", "heartbeat", "pause"]);
  assert.equal(queue.dropped, 1);
});

test("without heartbeats a full queue drops the oldest event", () => {
  assert.deepEqual(types(queueOf(2, "playing", "pause", "end").waiting), ["pause", "end"]);
});

test("what is given back stands in front again", () => {
  const queue = queueOf(10, "a", "b", "c");
  queue.giveBack(queue.take(2, 1000));
  assert.deepEqual(types(queue.waiting), ["a", "b", "c"]);
});

test("bytes are counted as UTF-8", () => {
  const [event] = queueOf(10, "é").waiting;
  assert.equal(event.bytes, event.json.length + 1);
});
