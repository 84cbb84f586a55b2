import { randomId } from "../beacons.js";
import { List } from "./list.js";
import { Network } from "./network.js";
import { CHOICES } from "./players.js";
import { seePosts } from "./posts.js";
import { Stopwatch } from "./stopwatch.js";

/** @template {HTMLElement} T @param {string} id @returns {T} */
const by = (id) => /** @type {T} */ (document.getElementById(id));
const wanted = new URLSearchParams(location.search);
const video = /** @type {HTMLVideoElement} */ (by("video"));
const endpoint = /** @type {HTMLInputElement} */ (by("endpoint"));
const session = wanted.get("session") || randomId();
const choice = CHOICES.find(({ name }) => name === wanted.get("player")) ?? CHOICES[0];
const reporter = wanted.get("by") === "cmcd" && choice.cmcd ? "cmcd" : "sdk";

/** The page anew with another choice, and the same endpoint. @param {Record<string, string>} changes */
function go(changes) {
  const now = { player: choice.name, by: reporter, endpoint: endpoint.value };
  if (wanted.has("session")) Object.assign(now, { session });
  location.search = new URLSearchParams({ ...now, ...changes }).toString();
}

/** @param {string} fieldset @param {string} name @param {{ value: string, text: string, why?: string }[]} options @param {string} chosen */
function radios(fieldset, name, options, chosen) {
  for (const { value, text, why } of options) {
    const input = Object.assign(document.createElement("input"), { type: "radio", name, value });
    Object.assign(input, { checked: value === chosen, disabled: Boolean(why), onchange: () => go({ [name]: value }) });
    const label = Object.assign(document.createElement("label"), { title: why ?? "" });
    label.append(input, text);
    by(fieldset).append(label);
  }
}

/** @param {string} text */
function problem(text) {
  by("problem").textContent = text;
  by("problem").hidden = !text;
}

const list = new List(by("list"), by("totals"), by("empty"));
/** @type {Set<import("./posts.js").Post>} */
const posts = new Set();
const stopwatch = new Stopwatch(video);
/** For those who look from outside: tests, and you in the console. */
const demo = { posts, stopwatch, watching: /** @type {import("../video.js").Watching | undefined} */ (undefined) };
Object.assign(globalThis, { demo });
seePosts(
  () => endpoint.value.replace(/\/+$/, ""),
  (post) => {
    posts.add(post);
    list.show(post);
    showWaiting();
    if (post.status === undefined) return;
    by("door").textContent = post.status ? `${post.status} in ${post.took_ms} ms` : "no answer";
    by("door").className = post.status >= 200 && post.status < 300 ? "good" : "bad";
  },
);

const network = new Network(randomId(), (text) => (by("network").textContent = text));
by("stall").onclick = async () => {
  /** @type {HTMLButtonElement} */ (by("stall")).disabled = true;
  await network.stall(stopwatch);
  /** @type {HTMLButtonElement} */ (by("stall")).disabled = false;
};
for (const name of /** @type {const} */ (["slow", "fail"]))
  by(name).onclick = () => {
    const on = by(name).ariaPressed !== "true";
    for (const other of ["slow", "fail"]) by(other).ariaPressed = String(on && other === name);
    network[name](on);
  };

radios("players", "player", CHOICES.map(({ name }) => ({ value: name, text: name })), choice.name);
radios(
  "reporters",
  "by",
  [
    { value: "sdk", text: "Beacon SDK" },
    { value: "cmcd", text: "CMCD v2", why: choice.cmcd ? "" : choice.why },
  ],
  reporter,
);
by("session").textContent = session;
Object.assign(by("session"), { href: `?${new URLSearchParams({ ...Object.fromEntries(wanted), session })}` });
Object.assign(by("board"), { href: `/board?${new URLSearchParams({ dashboard: "session", "var-session": session })}` });

const config = await (await fetch("config.json")).json();
endpoint.value = wanted.get("endpoint") || config.endpoint;
if (config.missing && choice.name !== "native") problem(config.missing);

const who = { url: endpoint.value, session, content: "clip" };
const running = await choice[reporter]?.(video, network.source(choice.file), who).catch((error) => problem(String(error)));
demo.watching = running?.watching;
endpoint.oninput = () => {
  if (!URL.canParse(endpoint.value)) return;
  if (demo.watching) demo.watching.beacons.url = endpoint.value;
  else go({});
};

setInterval(() => {
  const { seen, standing_ms } = stopwatch;
  const figures = {
    state: video.ended ? "ended" : standing_ms >= 250 ? "stalled" : video.paused ? "paused" : seen.playing ? "playing" : "waits",
    startup: seen.startup_ms === null ? "–" : `${seen.startup_ms} ms`,
    stalls: seen.stalls,
    stalled: `${seen.stall_ms} ms`,
    seeks: seen.seeks,
    pauses: seen.pauses,
    rendition: video.videoHeight ? `${video.videoHeight}p` : "–",
    buffer: `${bufferAhead().toFixed(1)} s`,
  };
  for (const [name, value] of Object.entries(figures)) by(`f-${name}`).textContent = String(value);
  showWaiting();
}, 200);

/** What the SDK has not sent yet. */
function showWaiting() {
  list.wait(demo.watching?.beacons.delivery.queue.waiting.map(({ json }) => JSON.parse(json)) ?? []);
}

function bufferAhead() {
  for (let range = 0; range < video.buffered.length; range++)
    if (video.buffered.start(range) <= video.currentTime && video.currentTime <= video.buffered.end(range))
      return video.buffered.end(range) - video.currentTime;
  return 0;
}

