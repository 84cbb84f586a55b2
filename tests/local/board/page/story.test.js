// How much time a dashboard about one session shows.

import assert from "node:assert/strict";
import test from "node:test";

import { storyOf } from "../../../../local/board/page/story.js";

const SESSION = { panels: [{ type: "table" }, { type: "state-timeline" }] };
/** @param {string} from @param {string} to */
const shown = (from, to) => ({ dashboard: "session", range: { from, to }, variables: {} });

test("a session is shown as long as it took, with a little room", async () => {
  let changed = 0;
  const story = storyOf(SESSION, shown("now-1h", "now"), () => (changed += 1));
  assert.equal(story.range(), null);
  story.saw([1_000, 2_000]);
  story.saw([1_500, 3_000]);
  await Promise.resolve();
  assert.deepEqual(story.range(), { fromMs: 980, toMs: 3_020 });
  assert.equal(changed, 1);
  story.saw([2_000]);
  await Promise.resolve();
  assert.equal(changed, 1);
});

test("a range that stands still is shown as it was chosen", () => {
  const story = storyOf(SESSION, shown("0", "60000"), assert.fail);
  story.saw([1_000, 2_000]);
  assert.equal(story.range(), null);
});

test("a dashboard about many sessions shows the range that was chosen", () => {
  const story = storyOf({ panels: [{ type: "timeseries" }] }, shown("now-1h", "now"), assert.fail);
  story.saw([1_000, 2_000]);
  assert.equal(story.range(), null);
});
