/** @typedef {{ held?: boolean, kbps?: number, status?: number }} Disturbance what `PUT media/{viewer}` takes */

const SLOW_KBPS = 40;
const FREEZE_MS = 3_000;
/** The fullest buffer is empty long before. */
const HELD_MS = 60_000;

/** The network between this page and its media: really disturbed, by the page's server. */
export class Network {
  /** @param {string} viewer @param {(text: string) => void} tell */
  constructor(viewer, tell) {
    this.url = new URL(`media/${viewer}`, document.baseURI).href;
    this.tell = tell;
  }

  /** @param {string} file */
  source(file) {
    return `${this.url}/${file}`;
  }

  /** @param {Disturbance} network */
  async set(network) {
    await fetch(this.url, { method: "PUT", body: JSON.stringify(network) });
  }

  /** @param {boolean} on */
  async slow(on) {
    await this.set(on ? { kbps: SLOW_KBPS } : {});
    this.tell(on ? `Media comes at ${SLOW_KBPS} kbit/s.` : "The network is undisturbed.");
  }

  /** @param {boolean} on */
  async fail(on) {
    await this.set(on ? { status: 500 } : {});
    this.tell(on ? "Media requests are answered with 500; the player gives up in its own time." : "The network is undisturbed.");
  }

  /** Holds the network until the picture has stood still for 3 s, at most for 60 s. @param {import("./stopwatch.js").Stopwatch} stopwatch */
  async stall(stopwatch) {
    await this.set({ held: true });
    this.tell("The network is held: once the buffer is empty, the picture stands still.");
    const held_ms = performance.now();
    const stood = await new Promise((resolve) => {
      const look = setInterval(() => {
        const stood = stopwatch.still_ms >= FREEZE_MS;
        if (!stood && performance.now() - held_ms < HELD_MS) return;
        clearInterval(look);
        resolve(stood);
      }, 25);
    });
    await this.set({});
    this.tell(
      stood
        ? "The network is undisturbed again."
        : `Nothing stood still within ${HELD_MS / 1000} s: paused, ended, or all of it is loaded. The network is undisturbed again.`,
    );
  }
}
