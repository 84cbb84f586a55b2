// What the page shows, and its address.

import assert from "node:assert/strict";
import test from "node:test";

import { follow, read, write } from "../../../../local/board/page/address.js";

/** @param {...string} names */
const templating = (...names) => ({ list: names.map((name) => ({ name })) });
const DASHBOARDS = {
  quality: { uid: "beacon-quality", time: { from: "now-1h", to: "now" }, templating: templating("cdn", "device") },
  session: { uid: "beacon-session", time: { from: "now-3h", to: "now" }, templating: templating("session") },
};
const SHOWN = {
  dashboard: "quality",
  range: { from: "now-15m", to: "now" },
  variables: { cdn: ["a&b", "c=d"], device: ["tv"] },
};

test("an address carries the dashboard, the range and the variables", () => {
  assert.deepEqual(read(write(SHOWN), DASHBOARDS, "quality"), SHOWN);
});

test("an address that says nothing shows the first dashboard with its own range", () => {
  const range = { from: "now-1h", to: "now" };
  assert.deepEqual(read("", DASHBOARDS, "quality"), { dashboard: "quality", range, variables: {} });
});

test("what an address says wrongly is as if it said nothing", () => {
  const { dashboard, range } = read("dashboard=other&from=later&to=now", DASHBOARDS, "session");
  assert.deepEqual([dashboard, range], ["session", DASHBOARDS.session.time]);
});

test("a data link to another dashboard keeps the range and the variables, and sets those it names", () => {
  const found = follow("/d/beacon-session/one-session?var-session=66454545556", SHOWN, DASHBOARDS);
  assert.deepEqual(found, {
    dashboard: "session",
    range: SHOWN.range,
    variables: { ...SHOWN.variables, session: ["66454545556"] },
  });
});

test("a data link may bring a range of its own", () => {
  const found = follow("/d/beacon-session?var-session=1&from=1000&to=2000", SHOWN, DASHBOARDS);
  assert.deepEqual(found?.range, { from: "1000", to: "2000" });
});

test("a data link without a path filters this dashboard", () => {
  const found = follow("?var-cdn=cdn-a", SHOWN, DASHBOARDS);
  assert.deepEqual(found, { ...SHOWN, variables: { ...SHOWN.variables, cdn: ["cdn-a"] } });
});

test("a data link to what is shown already lets go of it", () => {
  const found = follow("?var-device=tv", SHOWN, DASHBOARDS);
  assert.deepEqual(found, { ...SHOWN, variables: { cdn: SHOWN.variables.cdn } });
});

test("a data link to a variable that is not there is not followed", () => {
  assert.equal(follow("/d/beacon-quality?var-os=linux", SHOWN, DASHBOARDS), null);
});

test("a data link to somewhere else is not followed here", () => {
  assert.equal(follow("/dead-letters?reason=bad_time", SHOWN, DASHBOARDS), null);
  assert.equal(follow("/d/unknown?var-cdn=a", SHOWN, DASHBOARDS), null);
});
