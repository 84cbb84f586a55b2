import assert from "node:assert/strict";
import { test } from "node:test";
import { Delivery, LIMITS } from "../../player/delivery.js";
import { retryAfter } from "../../player/transport.js";
import { FakeRuntime } from "./fakes.js";

const HERE = "https://collector.example/v1/beacons";
const THERE = "https://other.example/v1/beacons";

function delivery(collector) {
  const runtime = new FakeRuntime();
  if (collector) runtime.collector = collector;
  const head = (dropped) => ({ schema: "beacon/1", ...(dropped && { beacons_dropped: dropped }) });
  const made = new Delivery(HERE, head, runtime);
  let number = 0;
  const add = (type = "pause", urgent = false, text = "") => made.add({ type, number: number++, text }, urgent);
  return { runtime, delivery: made, add };
}

const numbers = (posts) => posts.flatMap(({ batch }) => batch.events.map((event) => event.number));
const upTo = (count) => [...Array(count).keys()];

test("events wait 10 s for company", async () => {
  const { runtime, add } = delivery();
  add();
  await runtime.pass(4_000);
  add();
  await runtime.pass(5_999);
  assert.equal(runtime.posts.length, 0);
  await runtime.pass(1);
  assert.deepEqual(numbers(runtime.posts), [0, 1]);
  assert.equal(runtime.posts.length, 1);
});

test("twenty events go at once", async () => {
  const { runtime, add } = delivery();
  for (let count = 0; count < 20; count++) add();
  await runtime.pass(0);
  assert.deepEqual(numbers(runtime.posts), upTo(20));
});

test("an urgent event takes along what waits, in one request with what happens in the same moment", async () => {
  const { runtime, add } = delivery();
  add("pause");
  add("stall_start", true);
  add("error", true);
  await runtime.pass(0);
  assert.equal(runtime.posts.length, 1);
  assert.deepEqual(numbers(runtime.posts), [0, 1, 2]);
});

test("one request is under way at a time, and order is kept", async () => {
  const { runtime, add } = delivery(() => ({ status: 204, after_ms: 3_000 }));
  add("playing", true);
  await runtime.pass(1_000);
  add("stall_start", true);
  await runtime.pass(1_000);
  assert.equal(runtime.posts.length, 1);
  await runtime.pass(1_000);
  assert.deepEqual(numbers(runtime.posts), [0, 1]);
});

for (const [name, status] of Object.entries({ "is down": 0, "answers 500": 500, "answers 503": 503, "times out": 408 }))
  test(`a collector that ${name} for ten minutes loses nothing and sees no storm`, async () => {
    const until_ms = 600_000;
    const { runtime, add } = delivery(({ at_ms }) => ({ status: at_ms < until_ms ? status : 204 }));
    for (let second = 0; second < 600; second += 10) {
      add("stall_start", true);
      await runtime.pass(10_000);
    }
    assert.ok(runtime.posts.length <= 30, `${runtime.posts.length} requests in ten minutes`);
    await runtime.pass(LIMITS.longestBackOff_ms);
    assert.deepEqual(numbers(runtime.posts.filter(({ at_ms }) => at_ms >= until_ms)), upTo(60));
  });

test("back-off doubles up to a minute, and takes a random part of it", async () => {
  const { runtime, add } = delivery(() => ({ status: 500 }));
  runtime.random = () => 1;
  add("playing", true);
  await runtime.pass(200_000);
  const waits_s = runtime.posts.slice(1).map(({ at_ms }, index) => (at_ms - runtime.posts[index].at_ms) / 1000);
  assert.deepEqual(waits_s, [1, 2, 4, 8, 16, 32, 60, 60]);
});

test("a success ends the back-off", async () => {
  const answers = [500, 500, 500, 204, 500, 204];
  const { runtime, add } = delivery(() => ({ status: answers.shift() }));
  runtime.random = () => 1;
  add("playing", true);
  await runtime.pass(20_000);
  add("stall_start", true);
  await runtime.pass(900);
  assert.equal(runtime.posts.length, 5);
  await runtime.pass(100);
  assert.equal(runtime.posts.length, 6);
});

test("429 with Retry-After is left alone for that long, whatever happens meanwhile", async () => {
  const answers = [{ status: 429, retryAfter_ms: 120_000 }];
  const { runtime, delivery: made, add } = delivery(() => answers.shift() ?? { status: 204 });
  add("playing", true);
  await runtime.pass(1_000);
  for (let count = 0; count < 50; count++) add("stall_start", true);
  made.flush();
  made.leave();
  await runtime.pass(118_999);
  assert.equal(runtime.posts.length, 1);
  await runtime.pass(2_000);
  assert.deepEqual(numbers(runtime.posts.slice(1)), upTo(51));
});

test("410 ends the session's beacons for good", async () => {
  const { runtime, delivery: made, add } = delivery(() => ({ status: 410 }));
  add("playing", true);
  await runtime.pass(0);
  add("stall_start", true);
  made.flush();
  made.leave();
  await runtime.pass(3_600_000);
  assert.equal(runtime.posts.length, 1);
  assert.equal(made.stopped, true);
});

test("another url takes effect at once, also after 410 of the one before", async () => {
  const { runtime, delivery: made, add } = delivery(({ url }) => ({ status: url === HERE ? 410 : 204 }));
  add("playing", true);
  await runtime.pass(0);
  made.redirect(THERE);
  add("stall_start", true);
  await runtime.pass(0);
  assert.equal(runtime.posts.at(-1).url, THERE);
});

test("what waits in a back-off goes to another url at once", async () => {
  const { runtime, delivery: made, add } = delivery(({ url }) => ({ status: url === HERE ? 0 : 204 }));
  runtime.random = () => 1;
  add("playing", true);
  await runtime.pass(60_000);
  made.redirect(THERE);
  await runtime.pass(0);
  assert.equal(runtime.posts.at(-1).url, THERE);
  assert.deepEqual(numbers(runtime.posts.slice(-1)), [0]);
});

test("413 sends half as many", async () => {
  const { runtime, add } = delivery(({ batch }) => ({ status: batch.events.length > 3 ? 413 : 204 }));
  for (let count = 0; count < 20; count++) add();
  await runtime.pass(100_000);
  assert.deepEqual(numbers(runtime.posts.filter(({ batch }) => batch.events.length <= 3)), upTo(20));
});

test("a batch that is refused for good is dropped, counted and told", async () => {
  const answers = [400, 204];
  const { runtime, add } = delivery(() => ({ status: answers.shift() }));
  add("playing", true);
  await runtime.pass(0);
  add("stall_start", true);
  await runtime.pass(0);
  assert.equal(runtime.posts.length, 2);
  assert.equal(runtime.posts[1].batch.beacons_dropped, 1);
});

test("a long outage drops heartbeats before events, and tells how many", async () => {
  const { runtime, add } = delivery(({ at_ms }) => ({ status: at_ms < 1 ? 0 : 204 }));
  runtime.random = () => 1;
  add("playing", true);
  await runtime.pass(0);
  for (let count = 0; count < 600; count++) {
    add("heartbeat");
    add("pause");
  }
  await runtime.pass(60_000);
  const kept = runtime.types.slice(1);
  assert.equal(kept.filter((type) => type === "pause").length, 600);
  assert.equal(kept.length, LIMITS.events);
  assert.equal(runtime.posts.at(-1).batch.beacons_dropped, 201);
});

test("no body is larger than 60 KB", async () => {
  const { runtime, add } = delivery();
  for (let count = 0; count < 500; count++) add("error", false, "é".repeat(200));
  await runtime.pass(100_000);
  assert.deepEqual(numbers(runtime.posts), upTo(500));
  assert.ok(Math.max(...runtime.posts.map(({ bytes }) => bytes)) <= LIMITS.bytes);
});

test("a page that is hidden sends what waits, also in a back-off", async () => {
  const answers = [0, 204];
  const { runtime, delivery: made, add } = delivery(() => ({ status: answers.shift() }));
  runtime.random = () => 1;
  add("playing", true);
  await runtime.pass(0);
  made.flush();
  assert.equal(runtime.posts.length, 2);
});

test("a page that goes sends the newest that fit into one request, beside one that is under way", async () => {
  const { runtime, delivery: made, add } = delivery(() => ({ status: 204, after_ms: 5_000 }));
  add("playing", true);
  await runtime.pass(0);
  for (let count = 1; count < 400; count++) add("error", false, "x".repeat(400));
  made.leave();
  assert.equal(runtime.posts.length, 2);
  assert.equal(numbers(runtime.posts).at(-1), 399);
  assert.ok(runtime.posts[1].bytes <= LIMITS.bytes);
});

test("Retry-After is seconds or a date", () => {
  const now_ms = Date.parse("2026-11-28T20:00:00Z");
  assert.equal(retryAfter("120", now_ms), 120_000);
  assert.equal(retryAfter("Sat, 28 Nov 2026 20:00:30 GMT", now_ms), 30_000);
  assert.equal(retryAfter("Sat, 28 Nov 2026 19:00:00 GMT", now_ms), undefined);
  assert.equal(retryAfter("soon", now_ms), undefined);
  assert.equal(retryAfter(null, now_ms), undefined);
});
