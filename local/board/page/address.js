// What the page shows, as its address. Pure.

import { isRange } from "./range.js";

/** @typedef {import("./range.js").Range} Range */
/**
 * What is shown: a dashboard, a time range, and the values of its variables; those that are not named have
 * their defaults.
 * @typedef {{ dashboard: string, range: Range, variables: Record<string, string[]> }} Shown
 */

const VARIABLE = "var-";

/**
 * @param {string} search the address behind `?`
 * @param {Record<string, any>} dashboards name -> Grafana's JSON
 * @param {string} first the dashboard of an address that names none, or one that is not there
 * @returns {Shown}
 */
export function read(search, dashboards, first) {
  const words = new URLSearchParams(search);
  const named = words.get("dashboard") ?? "";
  const dashboard = named in dashboards ? named : first;
  const usual = dashboards[dashboard].time;
  const range = { from: words.get("from") ?? usual.from, to: words.get("to") ?? usual.to };
  /** @type {Record<string, string[]>} */
  const variables = {};
  for (const key of new Set(words.keys()))
    if (key.startsWith(VARIABLE)) variables[key.slice(VARIABLE.length)] = words.getAll(key);
  return { dashboard, range: isRange(range) ? range : usual, variables };
}

/** @param {Shown} shown @returns {string} the address behind `?` */
export function write({ dashboard, range, variables }) {
  const words = new URLSearchParams({ dashboard, ...range });
  for (const [name, values] of Object.entries(variables))
    for (const value of values) words.append(VARIABLE + name, value);
  return words.toString();
}

/**
 * A data link of Grafana's (`/d/beacon-session-timestream/...?var-session=...`, or `?var-cdn=...` for this
 * dashboard) as what this page would show: the range stays, and so do variables that the link does not name. A
 * link to what is shown already lets go of it.
 * @param {string} link
 * @param {Shown} shown
 * @param {Record<string, any>} dashboards
 * @returns {Shown | null} null for a link that leads somewhere else, or to variables that are not there
 */
export function follow(link, shown, dashboards) {
  const [path, search = ""] = link.split("?");
  const uid = /^\/d\/([^/]+)/.exec(path)?.[1];
  const dashboard = uid ? Object.keys(dashboards).find((name) => dashboards[name].uid === uid) : shown.dashboard;
  if (!dashboard || (path && !uid)) return null;
  const words = new URLSearchParams(search);
  const usual = { dashboard, from: shown.range.from, to: shown.range.to };
  const whole = new URLSearchParams({ ...usual, ...Object.fromEntries(words) }).toString();
  const { range, variables: named } = read(whole, dashboards, dashboard);
  const known = dashboards[dashboard].templating.list.map((/** @type {any} */ { name }) => name);
  if (Object.keys(named).some((name) => !known.includes(name))) return null;
  const isSame = Object.entries(named).every(([name, values]) => same(shown.variables[name], values));
  const variables = { ...shown.variables, ...named };
  if (isSame && dashboard === shown.dashboard) for (const name of Object.keys(named)) delete variables[name];
  return { dashboard, range, variables };
}

/** @param {string[] | undefined} one @param {string[]} other */
const same = (one, other) => one?.join("\n") === other.join("\n");
