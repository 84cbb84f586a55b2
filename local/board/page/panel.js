// One panel on the page: its title, what it is about, its content, and what is said while there is none.

import { frames } from "./api.js";
import { make } from "./dom.js";
import { KINDS } from "./panels/kinds.js";

/** @typedef {import("./address.js").Shown} Shown */
/** @typedef {import("./board.js").Board} Board */

/** Pixels of a bucket: more of them would not be told apart. */
const BUCKET_PX = 8;

export class Panel {
  /** Whether it can be seen, or nearly. */
  near = false;
  /** The range that is drawn, as text; empty: none yet. */
  asked = "";
  /** @type {import("./board.js").Answer | null} */
  #answer = null;
  /** What is being asked for. @type {{ shown: Shown } | null} */
  #asking = null;

  /** @param {any} json Grafana's @param {Board} board */
  constructor(json, board) {
    this.json = json;
    this.content = make("div", { class: "content" });
    this.said = make("p", { class: "said" }, "Loading…");
    const about = make("p", { class: "about", id: `about-${json.id}`, hidden: true }, json.description ?? "");
    const title = make("h3", { id: `title-${json.id}` }, json.title);
    const head = make("div", { class: "head" }, title, aboutButton(json, about));
    this.element = make(
      "section",
      { class: `panel ${json.type}`, "aria-labelledby": title.id, "aria-busy": "true", "data-panel": String(json.id) },
      ...[head, about, this.content, this.said],
    );
    this.element.style.setProperty("--columns", String(Math.max(1, Math.round(json.gridPos.w / 2))));
    this.element.style.setProperty("--rows", String(json.gridPos.h));
    const kind = KINDS[json.type];
    this.drawing = kind?.(this.content, json, board);
    if (!kind) this.#say(`The board does not draw panels of type ${json.type}.`, "failed");
  }

  /**
   * Ask and draw. An answer that fails leaves the last picture, dimmed, and says why; the next one mends it. What
   * was asked before something else was shown is not drawn any more.
   * @param {Shown} shown
   * @param {{ fromMs: number, toMs: number }} range
   * @returns {Promise<boolean>} whether there was an answer
   */
  async load(shown, range) {
    if (!this.drawing || this.#asking?.shown === shown) return true;
    const asking = { shown };
    this.#asking = asking;
    try {
      const points = Math.max(30, Math.floor(this.content.clientWidth / BUCKET_PX));
      const answer = this.json.targets?.length
        ? await frames(shown, range, this.json.id, points)
        : { frames: [], interval_ms: 0 };
      if (this.#asking !== asking) return true;
      this.#answer = answer;
      this.draw();
      return true;
    } catch (error) {
      if (this.#asking !== asking) return true;
      this.#say(/** @type {Error} */ (error).message, "failed");
      return false;
    } finally {
      if (this.#asking === asking) this.#asking = null;
      this.element.setAttribute("aria-busy", "false");
    }
  }

  /** Draw the newest answer, once more where the range that is drawn has changed. The focus stays where it is. */
  draw() {
    if (!this.#answer) return;
    const focused = this.#stops().findIndex((stop) => stop === document.activeElement);
    // The content must have its size before something is drawn into it.
    this.element.classList.remove("empty");
    const drawn = this.drawing?.draw(this.#answer);
    if (focused >= 0) this.#stops()[focused]?.focus({ preventScroll: true });
    const notices = this.#answer.frames.flatMap(({ notices }) => notices);
    this.#say(drawn ? notices.join("; ") : "Nothing in this range.", drawn ? "" : "empty");
  }

  close() {
    this.drawing?.close();
  }

  /** What the keyboard stops at. @returns {HTMLElement[]} */
  #stops() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.content.querySelectorAll("button, [tabindex]"))];
  }

  /** @param {string} sentence @param {"" | "empty" | "failed"} state */
  #say(sentence, state) {
    this.said.textContent = sentence;
    this.element.classList.toggle("empty", state === "empty");
    this.element.classList.toggle("failed", state === "failed");
  }
}

/** @param {any} json @param {HTMLElement} about */
function aboutButton(json, about) {
  const aria = { "aria-expanded": "false", "aria-controls": about.id, "aria-label": `About ${json.title}` };
  const button = make("button", { type: "button", class: "what", ...aria }, "i");
  button.hidden = !json.description;
  button.addEventListener("click", () => {
    about.hidden = !about.hidden;
    button.setAttribute("aria-expanded", String(!about.hidden));
  });
  return button;
}
