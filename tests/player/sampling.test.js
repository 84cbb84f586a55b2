import assert from "node:assert/strict";
import { test } from "node:test";
import { Beacons, randomId, share } from "../../player/beacons.js";
import { FakeRuntime } from "./fakes.js";

test("a tenth of the sessions is a tenth, whatever their ids look like", () => {
  for (const name of [(/** @type {number} */ n) => `viewer-${n}`, () => randomId()]) {
    const sampled = Array.from({ length: 20_000 }, (_, n) => share(name(n))).filter((value) => value < 0.1).length;
    assert.ok(Math.abs(sampled - 2_000) < 200, String(sampled));
  }
});

test("a session is sampled or not by its id alone", () => {
  const options = { url: "https://api.example", session: "viewer-1", sampleRate: 0.5, runtime: new FakeRuntime() };
  assert.equal(new Beacons(options).sampled, new Beacons(options).sampled);
});

test("the rate goes with every batch, so that counts can be scaled", async () => {
  const runtime = new FakeRuntime();
  const beacons = new Beacons({ url: "https://api.example", session: "s", sampleRate: 0.99, runtime });
  beacons.record("chapter", { custom: { chapter: 3 } });
  await runtime.pass(10_000);
  assert.equal(runtime.posts[0].batch.sample_rate, 0.99);
});

test("session ids are random and fit into CMCD's 64 characters", () => {
  assert.match(randomId(), /^[0-9a-f]{32}$/);
  assert.notEqual(randomId(), randomId());
});
