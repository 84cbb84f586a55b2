// A panel of words, in paragraphs.

import { make } from "../dom.js";

/**
 * @param {HTMLElement} place
 * @param {any} panel Grafana's JSON
 * @returns {import("../board.js").Drawing}
 */
export function words(place, panel) {
  return {
    draw() {
      const paragraphs = String(panel.options.content).split(/\n{2,}/);
      place.replaceChildren(...paragraphs.map((text) => make("p", {}, text.replace(/[*`#]/g, ""))));
      return true;
    },
    close() {},
  };
}
