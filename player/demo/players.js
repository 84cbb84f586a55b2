import { cmcd } from "../cmcd.js";

/** @typedef {{ url: string, session: string, content: string }} Who */
/**
 * How one player plays the clip: `sdk` with the beacon SDK's adapter, `cmcd` by its own CMCD. Both answer once the
 * player has been told to load, with `leave`, which says that the viewer goes.
 * @typedef {object} Choice
 * @property {string} name
 * @property {string} file of the clip
 * @property {(video: HTMLVideoElement, source: string, who: Who) => Promise<Running>} sdk
 * @property {(video: HTMLVideoElement, source: string, who: Who) => Promise<Running>} [cmcd]
 * @property {string} [why] there is no `cmcd`
 */
/** @typedef {{ watching?: import("../video.js").Watching }} Running */

/** Little is buffered, so that a disturbed network is seen soon. */
const BUFFER_S = 6;

/** @param {string} name a file that the page's server takes from npm @returns {Promise<any>} */
const npm = (name) => import(new URL(`npm/${name}`, document.baseURI).href);

/** Builds that are no modules put a name into the page. @param {string} file @param {string} name @returns {Promise<any>} */
function script(file, name) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = `npm/${file}`;
    element.onload = () => resolve(/** @type {any} */ (globalThis)[name]);
    element.onerror = () => reject(new Error(`npm/${file} was not loaded`));
    document.head.append(element);
  });
}

const hlsConfig = { maxBufferLength: BUFFER_S, maxMaxBufferLength: BUFFER_S, capLevelToPlayerSize: false };
const dashSettings = {
  streaming: { buffer: { bufferTimeDefault: BUFFER_S, bufferTimeAtTopQuality: BUFFER_S, bufferTimeAtTopQualityLongForm: BUFFER_S } },
};
const shakaSettings = { streaming: { bufferingGoal: BUFFER_S, rebufferingGoal: 1 } };

/** @type {Choice[]} */
export const CHOICES = [
  {
    name: "hls.js",
    file: "master.m3u8",
    async sdk(video, source, who) {
      const [{ default: Hls }, { watch }] = await Promise.all([npm("hls.js"), import("../hls.js")]);
      const hls = new Hls(hlsConfig);
      const watching = watch(hls, video, who);
      hls.loadSource(source);
      hls.attachMedia(video);
      return { watching };
    },
    async cmcd(video, source, who) {
      const { default: Hls } = await npm("hls.js");
      const hls = new Hls({ ...hlsConfig, ...cmcd(who).hls });
      hls.loadSource(source);
      hls.attachMedia(video);
      return {};
    },
  },
  {
    name: "dash.js",
    file: "manifest.mpd",
    async sdk(video, source, who) {
      const [{ MediaPlayer }, { watch }] = await Promise.all([npm("dash.js"), import("../dash.js")]);
      const player = MediaPlayer().create();
      player.updateSettings(dashSettings);
      const watching = watch(player, video, who);
      player.initialize(video, source, false);
      return { watching };
    },
    async cmcd(video, source, who) {
      const { MediaPlayer } = await npm("dash.js");
      const player = MediaPlayer().create();
      player.updateSettings(dashSettings);
      player.updateSettings(cmcd(who).dash);
      player.initialize(video, source, false);
      return {};
    },
  },
  {
    name: "Shaka",
    file: "manifest.mpd",
    async sdk(video, source, who) {
      const [shaka, { watch }] = await Promise.all([script("shaka-player.js", "shaka"), import("../shaka.js")]);
      const player = new shaka.Player();
      await player.attach(video);
      player.configure(shakaSettings);
      const watching = watch(player, video, who);
      player.load(source).catch(watching.failed);
      return { watching };
    },
    async cmcd(video, source, who) {
      // Of Shaka's builds only the debug one tells its states (docs/players.md, N01).
      const shaka = await script("shaka-player.debug.js", "shaka");
      const player = new shaka.Player();
      await player.attach(video);
      player.configure(shakaSettings);
      player.configure(cmcd(who).shaka);
      player.load(source).catch(() => {});
      return {};
    },
  },
  {
    name: "video.js",
    file: "master.m3u8",
    async sdk(video, source, who) {
      const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "npm/video-js.css" });
      document.head.append(style);
      const [videojs, { watch }] = await Promise.all([script("video.js", "videojs"), import("../videojs.js")]);
      video.classList.add("video-js");
      videojs.Vhs.GOAL_BUFFER_LENGTH = videojs.Vhs.MAX_GOAL_BUFFER_LENGTH = BUFFER_S;
      const player = videojs(video, { controls: true, fill: true });
      await new Promise((resolve) => player.ready(() => resolve(undefined)));
      const watching = watch(player, who);
      // It gives up a segment after 3 s, and does not come back: here it waits like the others.
      player.on("xhr-hooks-ready", () => {
        player.tech(true).vhs.xhr.onRequest((/** @type {object} */ request) => ({ ...request, timeout: 0 }));
      });
      player.src({ src: source, type: "application/x-mpegURL" });
      return { watching };
    },
    why: "video.js has no CMCD v2",
  },
  {
    name: "native",
    file: "clip.mp4",
    async sdk(video, source, who) {
      const { watch } = await import("../video.js");
      const watching = watch(video, who);
      video.src = source;
      return { watching };
    },
    why: "browsers have no CMCD of their own",
  },
];
