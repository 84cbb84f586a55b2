/** Clocks that stand still until they are told to move, and a collector that answers what it is told. */
export class FakeRuntime {
  wall_ms = 1_795_456_000_000;
  mono_ms = 0;
  /** Every request: when, where, and the parsed body. @type {{ at_ms: number, url: string, batch: any, bytes: number }[]} */
  posts = [];
  /** @type {(post: any) => { status: number, retryAfter_ms?: number, after_ms?: number }} */
  collector = () => ({ status: 204 });
  random = () => 0.5;
  #timers = [];

  wall = () => this.wall_ms;
  mono = () => this.mono_ms;
  setTimeout = (call, ms) => {
    const timer = { due_ms: this.mono_ms + ms, call };
    this.#timers.push(timer);
    return timer;
  };
  clearTimeout = (timer) => {
    this.#timers = this.#timers.filter((one) => one !== timer);
  };
  post = async (url, body) => {
    const post = { at_ms: this.mono_ms, url, batch: JSON.parse(body), bytes: new TextEncoder().encode(body).length };
    this.posts.push(post);
    const { after_ms = 0, ...answer } = this.collector(post);
    if (after_ms) await new Promise((resolve) => this.setTimeout(() => resolve(undefined), after_ms));
    return answer;
  };

  /** Time passes; timers fire in their order, and what they wait for is settled. */
  async pass(ms) {
    const until_ms = this.mono_ms + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter(({ due_ms }) => due_ms <= until_ms).sort((a, b) => a.due_ms - b.due_ms)[0];
      if (!next) break;
      this.clearTimeout(next);
      this.#move(Math.max(0, next.due_ms - this.mono_ms));
      next.call();
      await settle();
    }
    this.#move(until_ms - this.mono_ms);
  }

  #move(ms) {
    this.wall_ms += ms;
    this.mono_ms += ms;
  }

  /** All events of all requests, in their order. */
  get events() {
    return this.posts.flatMap(({ batch }) => batch.events);
  }

  get types() {
    return this.events.map(({ type }) => type);
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** A media element of which tests set the properties and dispatch the events. */
export class FakeVideo extends EventTarget {
  currentTime = 0;
  paused = true;
  seeking = false;
  ended = false;
  autoplay = false;
  volume = 1;
  muted = false;
  playbackRate = 1;
  clientWidth = 640;
  clientHeight = 360;
  videoWidth = 0;
  videoHeight = 0;
  networkState = 0;
  NETWORK_EMPTY = 0;
  error = null;
  buffered = { length: 1, start: () => 0, end: () => 8 };

  getVideoPlaybackQuality() {
    return { droppedVideoFrames: 3, totalVideoFrames: 240 };
  }

  /** The properties change, and the event is dispatched. */
  does(type, changes = {}) {
    Object.assign(this, changes);
    this.dispatchEvent(new Event(type));
  }

  /** The element says `playing`, and the playhead has moved when it is next looked at. */
  plays() {
    this.does("playing");
    this.does("timeupdate", { currentTime: this.currentTime + 0.0625 });
  }

  /** Play is pressed, and media moves at once. */
  starts() {
    this.does("play", { paused: false });
    this.plays();
  }
}

/** The page around it, as far as the SDK looks at it. */
export function fakePage() {
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { hidden: false, fullscreenElement: null });
  let resized = () => {};
  class ResizeObserver {
    constructor(act) {
      resized = act;
    }
    observe() {}
    disconnect() {}
  }
  Object.assign(globalThis, {
    document,
    location: { hostname: "films.example" },
    innerWidth: 1280,
    innerHeight: 720,
    ResizeObserver,
    addEventListener: page.addEventListener.bind(page),
    removeEventListener: page.removeEventListener.bind(page),
    dispatchEvent: page.dispatchEvent.bind(page),
  });
  return { page, document, resized: () => resized() };
}
