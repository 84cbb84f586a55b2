import { randomId } from "./beacons.js";

const EVENTS = ["ps", "e", "t", "bc", "pr", "b", "m", "um"];
const INTERVAL_S = 40;
/** dash.js sends no key that is not named. */
const DASH_KEYS = "bg bl br bs cid dl e ec ltc msd mtp pr rc sf sid sn st sta ts v".split(" ");

/**
 * CMCD v2 event mode (CTA-5004-B) for players that speak it, with the settings that docs/send-beacons.md recommends:
 * one target, changes of state at once, a sign of life each 40 s, media requests left as they are.
 *
 *     const beacons = cmcd({ url: "https://….execute-api.….amazonaws.com/Default", content: "film-1" });
 *     new Hls(beacons.hls);  or  player.updateSettings(beacons.dash);  or  player.configure(beacons.shaka);
 *
 * No player says that the viewer has left: this does, when the page goes or `quit` is called.
 * @param {{ url: string, session?: string, content?: string }} options the invoke URL of the API; the ids are CMCD's
 */
export function cmcd({ url, session = randomId(), content }) {
  const target = `${url.replace(/\/+$/, "")}/v1/cmcd/state?session=${encodeURIComponent(session)}`;
  const targets = [{ url: target, events: EVENTS, interval: INTERVAL_S, batchSize: 1 }];
  const ids = { sessionId: session, contentId: content };

  /** @param {{ url: string, method?: string, headers?: Record<string, string>, body?: BodyInit }} request */
  const send = ({ url, ...request }) => fetch(url, { ...request, keepalive: true, credentials: "omit" });
  const quit = () => {
    const text = (/** @type {string} */ id) => JSON.stringify(id);
    const body = `${content ? `cid=${text(content)},` : ""}e=ps,sid=${text(session)},sta=q,ts=${Date.now()},v=2`;
    removeEventListener("pagehide", quit);
    return send({ url: target, method: "POST", headers: { "content-type": "text/plain" }, body });
  };
  addEventListener("pagehide", quit);
  return {
    session,
    quit,
    hls: { cmcd: { ...ids, version: 2, includeKeys: [], eventTargets: targets, loader: send } },
    dash: {
      streaming: {
        cmcd: {
          version: 2,
          enabled: false,
          sid: session,
          cid: content,
          eventTargets: targets.map((one) => ({ ...one, enabled: true, enabledKeys: DASH_KEYS })),
        },
      },
    },
    shaka: { cmcd: { ...ids, contentId: content ?? "", enabled: true, version: 2, eventTargets: targets } },
  };
}
