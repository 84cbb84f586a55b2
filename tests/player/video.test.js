import assert from "node:assert/strict";
import { test } from "node:test";
import { watch } from "../../player/video.js";
import { FakeRuntime, FakeVideo, fakePage } from "./fakes.js";

/** A viewer at a video; `told()` are the events so far, without the first. */
async function viewer(options = {}, properties = {}) {
  const page = fakePage();
  const runtime = new FakeRuntime();
  const video = Object.assign(new FakeVideo(), properties);
  const watching = watch(video, { url: "https://api.example/Default/", session: "s-1", content: "film-1", runtime, ...options });
  const told = async () => {
    await runtime.pass(60_000 - (runtime.mono_ms % 60_000));
    return runtime.types.filter((type) => type !== "session_start" && type !== "heartbeat");
  };
  return { page, runtime, video, watching, told };
}

test("the first beacon says who watches what, where; all of them are numbered", async () => {
  const { runtime, video } = await viewer({ context: { app: { name: "films" } }, sampleRate: 1 });
  video.starts();
  await runtime.pass(0);
  const [{ url, batch }] = runtime.posts;
  assert.equal(url, "https://api.example/Default/v1/beacons?session=s-1");
  assert.deepEqual(batch.context, { app: { name: "films" } });
  assert.equal(batch.sample_rate, 1);
  assert.equal(batch.events[0].data.page_host, "films.example");
  assert.deepEqual(batch.events.map(({ seq, session_id, content_id }) => [seq, session_id, content_id]), [
    [0, "s-1", "film-1"],
    [1, "s-1", "film-1"],
    [2, "s-1", "film-1"],
  ]);
});

test("a start is told at once", async () => {
  const { runtime, video } = await viewer();
  video.starts();
  await runtime.pass(0);
  assert.deepEqual(runtime.types, ["session_start", "play_request", "playing"]);
});

test("waiting before the first movement is startup, not a stall", async () => {
  const { video, told } = await viewer();
  video.does("play", { paused: false });
  video.does("waiting");
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing"]);
});

test("a stall is where media played, and lasts until it plays again", async () => {
  const { runtime, video } = await viewer();
  video.starts();
  await runtime.pass(5_000);
  video.does("waiting", { currentTime: 5 });
  await runtime.pass(2_500);
  video.plays();
  await runtime.pass(0);
  const [start, end] = runtime.events.slice(-2);
  assert.deepEqual([start.type, end.type, end.ts - start.ts, start.playhead_ms], ["stall_start", "stall_end", 2_500, 5_000]);
  assert.equal(start.state, "rebuffering");
  assert.equal(start.data.buffer_ms, 3_000);
});

test("waiting in a seek or a pause is no stall", async () => {
  const { video, told } = await viewer();
  video.starts();
  video.does("seeking", { seeking: true, currentTime: 40 });
  video.does("waiting");
  video.does("seeked", { seeking: false });
  video.does("waiting");
  video.plays();
  video.does("pause", { paused: true });
  video.does("waiting");
  assert.deepEqual(await told(), ["play_request", "playing", "seek_start", "seek_end", "pause"]);
});

test("a slider that is dragged is one seek", async () => {
  const { video, told } = await viewer();
  video.starts();
  for (const currentTime of [10, 20, 30]) video.does("seeking", { seeking: true, currentTime });
  video.does("seeked", { seeking: false });
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing", "seek_start", "seek_end"]);
});

test("a seek in a pause ends in the pause", async () => {
  const { runtime, video, told } = await viewer();
  video.starts();
  video.does("pause", { paused: true });
  video.does("seeking", { seeking: true, currentTime: 30 });
  video.does("seeked", { seeking: false });
  assert.deepEqual(await told(), ["play_request", "playing", "pause", "seek_start", "seek_end"]);
  assert.equal(runtime.events.at(-1).state, "paused");
});

test("a player that jumps over a gap while it stalls has sought nothing", async () => {
  const { video, told } = await viewer();
  video.starts();
  video.does("waiting", { currentTime: 8 });
  video.does("seeking", { seeking: true, currentTime: 8.1 });
  video.does("seeked", { seeking: false });
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing", "stall_start", "stall_end"]);
});

test("a player that seeks to where it stands is stuck: that is a stall, and no seek", async () => {
  const { runtime, video, told } = await viewer();
  video.starts();
  await runtime.pass(8_000);
  video.does("timeupdate", { currentTime: 8 });
  video.does("waiting", { seeking: true, currentTime: 8.1 });
  video.does("seeking");
  await runtime.pass(2_000);
  video.does("seeked", { seeking: false });
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing", "stall_start", "stall_end"]);
});

test("resumed with nothing to play is a stall", async () => {
  const { video, told } = await viewer();
  video.starts();
  video.does("pause", { paused: true });
  video.does("play", { paused: false });
  video.does("waiting");
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing", "pause", "play_request", "stall_start", "stall_end"]);
});

test("a browser that forgets to say playing is seen by its playhead", async () => {
  const { video, told } = await viewer();
  video.does("play", { paused: false });
  video.does("timeupdate", { currentTime: 0.1 });
  video.does("timeupdate", { currentTime: 0.3 });
  assert.deepEqual(await told(), ["play_request", "playing"]);
});

test("a start is dated to when the playhead began to move, not to when the browser announced it", async () => {
  const { runtime, video } = await viewer();
  video.does("play", { paused: false });
  await runtime.pass(400);
  video.does("playing");
  await runtime.pass(350);
  video.does("timeupdate", { currentTime: 0.2 });
  await runtime.pass(0);
  const [, request, playing] = runtime.events;
  assert.deepEqual([playing.type, playing.ts - request.ts, playing.mono - request.mono], ["playing", 550, 550]);
  assert.equal(playing.playhead_ms, 0);
});

test("media that plays faster began to move later", async () => {
  const { runtime, video } = await viewer();
  video.does("ratechange", { playbackRate: 2 });
  video.does("play", { paused: false });
  video.does("playing");
  await runtime.pass(350);
  video.does("timeupdate", { currentTime: 0.2 });
  await runtime.pass(0);
  const request = runtime.events.find(({ type }) => type === "play_request");
  assert.equal(runtime.events.at(-1).ts - request.ts, 250);
});

test("a playhead that jumps as it starts did not start before the browser announced it", async () => {
  const { runtime, video } = await viewer();
  video.does("play", { paused: false });
  await runtime.pass(400);
  video.does("playing");
  await runtime.pass(250);
  video.does("timeupdate", { currentTime: 300 });
  await runtime.pass(0);
  assert.equal(runtime.events.at(-1).ts - runtime.events.at(-2).ts, 400);
});

test("a playhead that twitches has not moved yet", async () => {
  const { runtime, video } = await viewer();
  video.does("play", { paused: false });
  video.does("playing");
  video.does("timeupdate", { currentTime: 0.02 });
  await runtime.pass(320);
  video.does("timeupdate", { currentTime: 0.22 });
  await runtime.pass(0);
  assert.equal(runtime.events.at(-1).ts - runtime.events.at(-2).ts, 100);
});

test("a browser that announces a start and goes on waiting has started nothing", async () => {
  const { runtime, video, told } = await viewer();
  video.does("play", { paused: false });
  video.does("playing");
  video.does("waiting");
  await runtime.pass(2_000);
  video.does("timeupdate");
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing"]);
  const [request, playing] = runtime.events.slice(1);
  assert.equal(playing.ts - request.ts, 2_000);
});

test("what moved before a pause has played", async () => {
  const { video, told } = await viewer();
  video.does("play", { paused: false });
  video.does("playing");
  video.does("pause", { paused: true, currentTime: 0.1 });
  assert.deepEqual(await told(), ["play_request", "playing", "pause"]);
});

test("a stream that begins elsewhere than at 0 has not moved by getting there", async () => {
  const { video, told } = await viewer();
  video.does("play", { paused: false });
  video.does("seeking", { seeking: true, currentTime: 300 });
  video.does("timeupdate", { seeking: false });
  video.does("seeked");
  assert.deepEqual(await told(), ["play_request"]);
});

test("a heartbeat says what the playhead does by then", async () => {
  const { runtime, video } = await viewer();
  video.does("play", { paused: false });
  await runtime.pass(39_900);
  video.does("playing");
  video.currentTime = 0.08;
  await runtime.pass(10_000);
  const [playing, beat] = runtime.events.slice(2);
  assert.deepEqual([playing.type, beat.type, beat.state], ["playing", "heartbeat", "playing"]);
});

test("with autoplay the load is the request, told once", async () => {
  const { video, told } = await viewer({}, { autoplay: true });
  video.does("loadstart");
  video.does("play", { paused: false });
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing"]);
});

test("autoplay that the browser refuses is a pause until the viewer presses play", async () => {
  const { video, told } = await viewer({}, { autoplay: true });
  video.does("loadstart");
  video.does("canplaythrough");
  video.starts();
  assert.deepEqual(await told(), ["play_request", "pause", "play_request", "playing"]);
});

test("the end is an end, without the pause that browsers put before it", async () => {
  const { runtime, video, told } = await viewer();
  video.starts();
  video.does("pause", { paused: true, ended: true });
  video.does("ended");
  assert.deepEqual(await told(), ["play_request", "playing", "end"]);
  assert.equal(runtime.events.at(-1).data.end_reason, "ended");
});

test("a volume that is dragged is told once, with its last value; mute at once", async () => {
  const { runtime, video } = await viewer();
  for (const volume of [0.9, 0.8, 0.7]) {
    video.does("volumechange", { volume });
    await runtime.pass(100);
  }
  video.does("volumechange", { muted: true });
  await runtime.pass(20_000);
  const [, mute, volume] = runtime.events;
  assert.deepEqual([mute.type, mute.data.muted], ["mute", true]);
  assert.deepEqual([volume.type, volume.data.volume], ["volume_change", 0.7]);
  assert.equal(runtime.events.length, 3);
});

test("heartbeats come each 40 s to a viewer who watches, none in a pause", async () => {
  const { runtime, video } = await viewer();
  video.starts();
  await runtime.pass(125_000);
  video.does("pause", { paused: true });
  await runtime.pass(300_000);
  const beats = runtime.events.filter(({ type }) => type === "heartbeat");
  assert.equal(beats.length, 3);
  assert.deepEqual(beats[0].data, { buffer_ms: 7_938, dropped_frames: 3, total_frames: 240 });
});

test("errors say whether they are fatal, and one that repeats is told once", async () => {
  const { runtime, video, watching } = await viewer();
  video.starts();
  for (let count = 0; count < 5; count++) watching.error("fragLoadError", false, "no answer", 503);
  watching.error("fragLoadError", true);
  await runtime.pass(0);
  const errors = runtime.events.filter(({ type }) => type === "error").map(({ data }) => data);
  assert.deepEqual(errors, [
    { error_code: "fragLoadError", error_message: "no answer", fatal: false, response_code: 503 },
    { error_code: "fragLoadError", fatal: true },
  ]);
});

test("an error of the element is fatal, and playing on is told", async () => {
  const { runtime, video } = await viewer();
  video.starts();
  video.does("error", { error: { code: 3, message: "cannot decode" } });
  video.does("timeupdate", { currentTime: 1 });
  await runtime.pass(0);
  const [error, playing] = runtime.events.slice(-2);
  assert.deepEqual(error.data, { error_code: "MEDIA_ERR_DECODE", error_message: "cannot decode", fatal: true });
  assert.equal(playing.type, "playing");
});

test("a page that goes says so, in a request that outlives it", async () => {
  const { page, runtime, video } = await viewer();
  video.starts();
  await runtime.pass(5_000);
  page.document.hidden = true;
  page.document.dispatchEvent(new Event("visibilitychange"));
  globalThis.dispatchEvent(new Event("pagehide"));
  assert.deepEqual(runtime.types.slice(-2), ["visibility", "end"]);
  assert.equal(runtime.events.at(-1).data.end_reason, "quit");
});

test("a page that comes back goes on", async () => {
  const { runtime, video } = await viewer();
  video.starts();
  globalThis.dispatchEvent(new Event("pagehide"));
  globalThis.dispatchEvent(new Event("pageshow"));
  await runtime.pass(10_000);
  assert.deepEqual(runtime.types.slice(-2), ["end", "heartbeat"]);
});

test("who is stopped says that it ends, once, and nothing more", async () => {
  const { runtime, video, watching } = await viewer();
  video.starts();
  watching.stop();
  video.does("pause", { paused: true });
  globalThis.dispatchEvent(new Event("pagehide"));
  await runtime.pass(120_000);
  assert.deepEqual(runtime.types, ["session_start", "play_request", "playing", "end"]);
});

test("a session that is not sampled sends nothing and listens to nothing", async () => {
  const { runtime, video } = await viewer({ sampleRate: 0 });
  video.starts();
  globalThis.dispatchEvent(new Event("pagehide"));
  await runtime.pass(600_000);
  assert.equal(runtime.posts.length, 0);
});

test("a session of which the collector wants nothing falls silent", async () => {
  const { runtime, video } = await viewer();
  runtime.collector = () => ({ status: 410 });
  video.starts();
  await runtime.pass(600_000);
  assert.equal(runtime.posts.length, 1);
});

test("a size that changes is told once it rests", async () => {
  const { page, runtime, video } = await viewer();
  for (const clientWidth of [700, 800, 900]) {
    video.clientWidth = clientWidth;
    page.resized();
  }
  await runtime.pass(20_000);
  assert.deepEqual(runtime.types, ["session_start", "resize"]);
  assert.deepEqual(runtime.events[1].data, { width_px: 900, height_px: 360 });
});

test("a rate of 0 is how a player waits, not a change of rate", async () => {
  const { runtime, video } = await viewer();
  for (const playbackRate of [0, 1, 2, 2]) video.does("ratechange", { playbackRate });
  await runtime.pass(20_000);
  assert.deepEqual(runtime.types, ["session_start", "rate_change"]);
  assert.equal(runtime.events[1].rate, 2);
});

test("another content in the session starts anew", async () => {
  const { runtime, video, watching, told } = await viewer();
  video.starts();
  watching.content("film-2");
  video.does("waiting");
  video.does("play");
  video.plays();
  assert.deepEqual(await told(), ["play_request", "playing", "content_change", "play_request", "playing"]);
  assert.equal(runtime.events.at(-1).content_id, "film-2");
});
