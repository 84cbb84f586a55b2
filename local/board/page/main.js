// The board: reads what its address says, draws it, and goes on drawing it.

import { follow, read, write } from "./address.js";
import * as api from "./api.js";
import { arranged, toggled, valuesOf, variablesOf } from "./board.js";
import { drawDashboards, drawRange } from "./controls.js";
import { at, make } from "./dom.js";
import { Panel } from "./panel.js";
import { isLive, moment, resolve } from "./range.js";
import { storyOf } from "./story.js";
import { controlOf } from "./variables.js";

/** @typedef {import("./address.js").Shown} Shown */

/** Dashboards in the order of their links, the first one first; others behind them. */
const ORDER = ["quality", "session", "pipeline", "blog"];
const REFRESH_MS = 5_000;
/** Far below the fold nothing is asked for. */
const NEAR = "400px";

/** @type {Record<string, any>} */
let dashboards = {};
/** @type {Shown} */
let shown;
/** @type {Panel[]} */
let panels = [];
/** @type {import("./variables.js").Control[]} */
let variables = [];
let range = { fromMs: 0, toMs: 0 };
/** @type {import("./story.js").Story} */
let story;

const watcher = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries)
      for (const panel of panels) if (panel.element === target) panel.near = isIntersecting;
    refresh();
  },
  { rootMargin: NEAR },
);

const dashboard = () => dashboards[shown.dashboard];

/** @type {import("./board.js").Board} */
const board = {
  range: () => story.range() ?? range,
  minN: () => Number(valuesOf(dashboard(), shown, "min_n")[0] ?? 0),
  offers: (name) => variablesOf(dashboard()).some((variable) => variable.name === name && variable.type === "query"),
  choose: (name, value) => show(toggled(shown, name, value)),
  value: (name) => valuesOf(dashboard(), shown, name).join(","),
  follow(link) {
    const next = link && follow(link, shown, dashboards);
    return next ? () => show(next) : null;
  },
  saw: (times) => story.saw(times),
  zoom: (fromMs, toMs) =>
    show({ ...shown, range: { from: String(Math.round(fromMs)), to: String(Math.round(toMs)) } }),
};

/** Show something else, and let the address say so. @param {Shown} next */
function show(next) {
  history.pushState(null, "", `?${write(next)}`);
  draw();
}

/** Draw what the address says. */
function draw() {
  const before = shown?.dashboard;
  shown = read(location.search, dashboards, Object.keys(dashboards)[0]);
  document.title = `${dashboard().title} · Beacon`;
  drawDashboards(dashboards, shown, (name) => `?${write({ ...shown, dashboard: name, })}`);
  drawRange(shown, show);
  if (before !== shown.dashboard) place();
  for (const { name, update } of variables) update(valuesOf(dashboard(), shown, name));
  for (const panel of panels) panel.asked = "";
  story = storyOf(dashboard(), shown, () => panels.forEach((panel) => panel.draw()));
  refresh();
}

/** Put the variables and panels of the dashboard on the page. */
function place() {
  variables = variablesOf(dashboard()).map((variable) =>
    controlOf(variable, {
      choose: (values) => show({ ...shown, variables: { ...shown.variables, [variable.name]: values } }),
      offered: async () => (await api.values(shown, resolved(), variable.name)).values,
    }),
  );
  at("variables").replaceChildren(...variables.map(({ element }) => element));
  for (const panel of panels) panel.close();
  watcher.disconnect();
  /** @param {any} json */
  const made = (json) => new Panel(json, board);
  const { headline, sections } = arranged(dashboard());
  const first = headline.map(made);
  const rest = sections.map(({ title, panels }) => ({ title, panels: panels.map(made) }));
  panels = [...first, ...rest.flatMap((section) => section.panels)];
  at("panels").replaceChildren(
    make("h1", { class: "unseen" }, dashboard().title),
    make("div", { class: "headline" }, ...first.map(({ element }) => element)),
    ...rest.flatMap((section) => [
      section.title ? make("h2", {}, section.title) : "",
      make("div", { class: "grid" }, ...section.panels.map(({ element }) => element)),
    ]),
  );
  for (const panel of panels) watcher.observe(panel.element);
}

function resolved() {
  const now = Date.now();
  return { fromMs: Math.round(resolve(shown.range.from, now)), toMs: Math.round(resolve(shown.range.to, now)) };
}

/** Ask for what is near, unless it has been asked for already. */
async function refresh() {
  if (document.hidden) return;
  if (isLive(shown.range) || panels.some(({ asked }) => !asked)) range = resolved();
  const key = `${range.fromMs} ${range.toMs}`;
  const due = panels.filter((panel) => panel.near && panel.asked !== key);
  const asking = due.map(async (panel) => {
    panel.asked = key;
    const answered = await panel.load(shown, range);
    if (!answered) panel.asked = "";
    return answered;
  });
  const answers = await Promise.all(asking);
  if (answers.length) tell(answers.filter((answered) => !answered).length);
}

/** @param {number} failed how many panels had no answer */
function tell(failed) {
  const now = moment(Date.now());
  at("status").classList.toggle("failed", failed > 0);
  at("status").textContent = failed
    ? `${failed} ${failed === 1 ? "panel has" : "panels have"} no answer at ${now}; trying again.`
    : `As of ${now}`;
}

addEventListener("popstate", draw);
addEventListener("theme", () => shown && draw());
document.addEventListener("visibilitychange", () => shown && refresh());
at("controls").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());

/** Begin; again in a while if the server does not answer. */
async function start() {
  try {
    const found = await api.dashboards();
    const names = new Set([...ORDER.filter((name) => name in found), ...Object.keys(found)]);
    dashboards = Object.fromEntries([...names].map((name) => [name, found[name]]));
    draw();
    setInterval(refresh, REFRESH_MS);
  } catch (error) {
    at("status").textContent = /** @type {Error} */ (error).message;
    at("status").classList.add("failed");
    setTimeout(start, REFRESH_MS);
  }
}
start();
