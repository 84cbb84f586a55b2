import { eventsOf } from "./posts.js";

/** @typedef {import("./posts.js").Post} Post */

/** Events of CMCD by `e` and `sta`, as docs/metrics.md calls them. @type {Record<string, string>} */
const CMCD = {
  t: "heartbeat", e: "error", bc: "rendition_change", pr: "rate_change", b: "visibility", m: "mute", um: "unmute",
  psd: "preload", pss: "play_request", psp: "playing", psk: "seek_start", psr: "stall_start", psw: "stall_start",
  psa: "pause", pse: "end", psf: "end", psq: "end",
};
/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 };
const MOST_POSTS = 200;

/** Names an event and says the most of it in a few words. @param {Record<string, any>} event */
function words(event) {
  if ("line" in event) {
    const [e, sta, ts] = ["e", "sta", "ts"].map((key) => event.line.match(new RegExp(`(?:^|,)${key}=([^,]*)`))?.[1]);
    const type = CMCD[e === "ps" ? `ps${sta}` : e] ?? e;
    return { type, at_ms: Number(ts), detail: event.line, whole: event.line.replaceAll(",", "\n") };
  }
  const { type, ts, seq, session_id, mono, content_id, data, ...rest } = event;
  const detail = Object.entries({ ...rest, ...data }).map(([name, value]) => `${name} ${value}`).join(", ");
  return { type, at_ms: ts, detail, whole: JSON.stringify(event, null, 2) };
}

/** @param {string} name @param {string} [text] @param {string} [className] */
function element(name, text = "", className = "") {
  return Object.assign(document.createElement(name), { textContent: text, className });
}

/** The list of what was sent, newest first: one block a request, with its events and its answer. */
export class List {
  #blocks = /** @type {Map<Post | "waiting", HTMLElement>} */ (new Map());
  posts = 0;
  beacons = 0;

  /** @param {HTMLElement} list @param {HTMLElement} totals @param {HTMLElement} empty */
  constructor(list, totals, empty) {
    this.list = list;
    this.totals = totals;
    this.empty = empty;
  }

  /** A request was sent, or answered. @param {Post} post */
  show(post) {
    const known = this.#blocks.get(post);
    const events = eventsOf(post.body);
    if (known) known.querySelector("p")?.replaceWith(this.#head(post, events.length));
    else this.#add(post, this.#block(this.#head(post, events.length), events));
    this.totals.textContent = `${this.beacons} in ${this.posts} requests`;
  }

  /** Events that wait for company. @param {Record<string, any>[]} events */
  wait(events) {
    const before = this.#blocks.get("waiting");
    if (before?.dataset.of === events.map((event) => event.seq).join()) return;
    before?.remove();
    this.#blocks.delete("waiting");
    if (!events.length) return;
    const head = element("p");
    head.append(element("span", `${events.length} waiting`), element("span", "sent within 10 s", "answer"));
    const block = this.#block(head, events);
    block.dataset.of = events.map((event) => event.seq).join();
    this.#blocks.set("waiting", block);
    this.list.prepend(block);
    this.empty.hidden = true;
  }

  /** @param {Post} post @param {HTMLElement} block */
  #add(post, block) {
    this.posts++;
    this.beacons += eventsOf(post.body).length;
    this.#blocks.set(post, block);
    this.list.prepend(block);
    this.empty.hidden = true;
    while (this.list.childElementCount > MOST_POSTS) this.list.lastElementChild?.remove();
  }

  /** @param {HTMLElement} head @param {Record<string, any>[]} events */
  #block(head, events) {
    const block = element("li", "", "post");
    block.append(head);
    for (const event of events.toReversed()) {
      const { type, at_ms, detail, whole } = words(event);
      const details = element("details", "", type);
      const summary = element("summary");
      const time = new Date(at_ms).toLocaleTimeString("en-GB", CLOCK);
      summary.append(element("time", time), element("b", type), element("span", detail));
      details.append(summary, element("pre", whole));
      block.append(details);
    }
    return block;
  }

  /** @param {Post} post @param {number} count */
  #head({ url, body, status, took_ms }, count) {
    const head = element("p");
    const answer = { undefined: "on its way", 0: "no answer" }[String(status)] ?? `${status} · ${took_ms} ms`;
    const mood = status === undefined ? "" : status >= 200 && status < 300 ? "good" : "bad";
    const path = new URL(url).pathname.replace(/^.*(?=\/v1\/)/, "");
    head.append(
      element("span", `${count} by POST ${path}, ${new Blob([body]).size} B`),
      element("span", answer, `answer ${mood}`),
    );
    return head;
  }
}
