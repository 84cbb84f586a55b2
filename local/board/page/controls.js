// Which dashboard is shown, of which stretch of time, and whether that goes on with the clock.

import { at, make } from "./dom.js";
import { held, inWords, isLive, OFFERED, released } from "./range.js";

/** @typedef {import("./address.js").Shown} Shown */
/** @typedef {(shown: Shown) => void} Show */

/** @param {Record<string, any>} dashboards @param {Shown} shown @param {(name: string) => string} href */
export function drawDashboards(dashboards, shown, href) {
  const links = Object.entries(dashboards).map(([name, { title }]) => {
    const current = name === shown.dashboard ? { "aria-current": "page" } : {};
    return make("a", { href: href(name), ...current }, title);
  });
  at("dashboards").replaceChildren(...links);
}

/** @param {Shown} shown @param {Show} show */
export function drawRange(shown, show) {
  const { range } = shown;
  const live = isLive(range);
  const now = Date.now();
  at("live").textContent = live ? "Live" : "Paused";
  at("live").classList.toggle("on", live);
  at("live").setAttribute("aria-pressed", String(live));
  at("live").title = live ? "Pause, for an address that shows the same tomorrow" : "Go on with the clock";
  at("live").onclick = () => show({ ...shown, range: live ? held(range, now) : released(range, now) });
  const offered = OFFERED.map((back) => ({ from: `now-${back}`, to: "now" }));
  if (!offered.some(({ from, to }) => from === range.from && to === range.to)) offered.unshift(range);
  const options = offered.map((one) => make("option", { value: `${one.from} ${one.to}` }, inWords(one)));
  at("range").replaceChildren(...options);
  at("range").value = `${range.from} ${range.to}`;
  at("range").onchange = () => {
    const [from, to] = at("range").value.split(" ");
    show({ ...shown, range: { from, to } });
  };
}
