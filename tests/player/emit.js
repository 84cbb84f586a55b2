/**
 * A viewing with everything in it, by the SDK with fake clocks; prints the bodies that it sends, one a line. With the
 * argument `flood` more happens, while the collector is down, than the SDK keeps.
 */
import { LIMITS } from "../../player/delivery.js";
import { watch } from "../../player/video.js";
import { FakeRuntime, FakeVideo, fakePage } from "./fakes.js";

const page = fakePage();
const runtime = new FakeRuntime();
const bodies = [];
const { post } = runtime;
runtime.post = (url, body) => {
  bodies.push(body);
  return post(url, body);
};
const video = new FakeVideo();
const context = {
  app: { name: "films", version: "2.1" },
  player: { name: "shaka-player", version: "5.2.12" },
  stream: { format: "dash", type: "vod", cdn: "cdn-a" },
  custom: { plan: "gold" },
};
const watching = watch(video, { url: "https://api.example", session: "s-1", content: "film-1", context, runtime });
watching.measure = () => ({ throughput_kbps: 5_400 });

const pass = (ms, playing = true) => {
  if (playing) video.currentTime += ms / 1000;
  return runtime.pass(ms);
};

watching.tell("manifest_loaded", { bitrate_top_kbps: 3_000, bitrate_low_kbps: 300 });
video.does("play", { paused: false });
await pass(640, false);
video.plays();
watching.tell("rendition_change", { bitrate_shown_kbps: 868, width_px: 640, height_px: 360, video_codec: "avc1.4d401f" });
await pass(40_000);
video.does("waiting");
await pass(2_500, false);
watching.error("fragLoadError", false, "no answer: \u2028 \ud83d\ude00 \"quoted\"", 503);
video.plays();
await pass(10_000);
video.does("pause", { paused: true });
await pass(5_000, false);
video.does("play", { paused: false });
video.plays();
await pass(4_000);
video.does("seeking", { seeking: true, currentTime: 120 });
await pass(800, false);
video.does("seeked", { seeking: false });
video.plays();
for (const volume of [0.9, 0.5]) video.does("volumechange", { volume });
video.does("volumechange", { muted: true });
video.does("ratechange", { playbackRate: 2 });
video.does("ratechange", { playbackRate: 1 });
video.clientWidth = 1_000;
page.resized();
page.document.fullscreenElement = { contains: () => true };
page.document.dispatchEvent(new Event("fullscreenchange"));
video.does("enterpictureinpicture");
page.document.hidden = true;
page.document.dispatchEvent(new Event("visibilitychange"));
await pass(6_000);
watching.beacons.record("chapter", { custom: { chapter: 3 } });
if (process.argv[2] === "flood") {
  runtime.collector = () => ({ status: 0 });
  for (let count = 0; count < LIMITS.events; count++) watching.beacons.record("chapter", { custom: { chapter: count } });
  await pass(1_000);
  runtime.collector = () => ({ status: 204 });
}
await pass(60_000);
video.does("error", { error: { code: 2, message: "gone" } });
await pass(3_000, false);
watching.stop();
await pass(1_000, false);

for (const body of bodies) console.log(body);
