// `node bench/sdk_hour.mjs`: three sessions of twenty minutes by the SDK's own code, on a clock of its own. Prints what it
// posted, as an entry of bench/cases/posts.json. Each session starts, stalls once, seeks twice, pauses once while the volume
// is changed, changes its rendition three times and ends; a heartbeat follows each 40 s of playing.
import { Beacons } from "../player/beacons.js";

const MINUTES = 20;
const SESSIONS = 3;
const HEARTBEAT_S = 40;
/** Second of the session -> what happens. */
const STORY = [
  [0, "play_request"], [1, "rendition_change"], [1, "playing"], [40, "rendition_change"], [200, "stall_start"],
  [203, "stall_end"], [204, "rendition_change"], [400, "seek_start"], [401, "seek_end"], [500, "pause"],
  [502, "volume_change"], [503, "volume_change"], [510, "playing"], [800, "seek_start"], [801, "seek_end"],
  [MINUTES * 60, "end"],
];

let now_ms = 1_800_000_000_000;
/** @type {{ at_ms: number, call: () => void }[]} */
let timers = [];
const sent = { posts: 0, beacons: 0, body_bytes: 0 };
const runtime = {
  wall: () => now_ms,
  mono: () => now_ms,
  setTimeout: (/** @type {() => void} */ call, /** @type {number} */ ms) => {
    const timer = { at_ms: now_ms + ms, call };
    timers.push(timer);
    return timer;
  },
  clearTimeout: (/** @type {any} */ timer) => (timers = timers.filter((one) => one !== timer)),
  random: () => 0.5,
  post: async (/** @type {string} */ _url, /** @type {string} */ body) => {
    sent.posts++;
    sent.beacons += JSON.parse(body).events.length;
    sent.body_bytes += new TextEncoder().encode(body).length;
    return { status: 204 };
  },
};

const second = async () => {
  now_ms += 1_000;
  const due = timers.filter((timer) => timer.at_ms <= now_ms);
  timers = timers.filter((timer) => timer.at_ms > now_ms);
  for (const timer of due) timer.call();
  await new Promise(setImmediate);
};

for (let session = 0; session < SESSIONS; session++) {
  const context = { player: { name: "hls.js", version: "1.7.4" }, stream: { format: "hls", type: "vod" } };
  const beacons = new Beacons({ url: "https://collector.example/Default", content: "film-1", context, runtime });
  let told_s = 0;
  for (let at_s = 0; at_s <= MINUTES * 60; at_s++) {
    for (const [when_s, type] of STORY) {
      if (when_s !== at_s) continue;
      beacons.record(String(type), { state: "playing", playhead_ms: at_s * 1_000, rate: 1 });
      told_s = at_s;
    }
    if (at_s - told_s >= HEARTBEAT_S) {
      beacons.record("heartbeat", { state: "playing", playhead_ms: at_s * 1_000, rate: 1, data: { buffer_ms: 9_000 } });
      told_s = at_s;
    }
    await second();
  }
  for (let rest = 0; rest < 20; rest++) await second();
}
console.log(JSON.stringify({ way: "SDK", player: "any", watched_s: SESSIONS * MINUTES * 60, ...sent }));
