// What panels know of the board they stand on.

/**
 * @typedef {object} Board
 * @property {() => { fromMs: number, toMs: number }} range that is drawn
 * @property {() => number} minN a figure made of less is from too few
 * @property {(name: string) => boolean} offers whether the dashboard can be filtered by a variable
 * @property {(name: string, value: string) => void} choose filter by one value; again: by none
 * @property {(name: string) => string} value of a variable
 * @property {(link: string) => (() => void) | null} follow a data link of Grafana's, if it leads somewhere here
 * @property {(times: number[]) => void} saw times that something happened at
 * @property {(fromMs: number, toMs: number) => void} zoom to a stretch of time
 */
/** @typedef {{ frames: import("./field.js").Frame[], interval_ms: number }} Answer of the server, to one panel */
/**
 * A panel's content.
 * @typedef {object} Drawing
 * @property {(answer: Answer) => boolean} draw false: nothing to show
 * @property {() => void} close
 */
/** @typedef {(place: HTMLElement, panel: any, board: Board) => Drawing} Kind `panel` is Grafana's JSON */
/** @typedef {import("./address.js").Shown} Shown */

/**
 * The values of a variable: those of the address, or the dashboard's own. `All` is no value.
 * @param {any} dashboard Grafana's JSON
 * @param {Shown} shown
 * @param {string} name
 * @returns {string[]}
 */
export function valuesOf(dashboard, shown, name) {
  const variable = variablesOf(dashboard).find((one) => one.name === name);
  const usual = variable?.current?.value ?? variable?.query ?? [];
  return (shown.variables[name] ?? [usual].flat()).filter((value) => value !== "$__all");
}

/** Those that a person can set. @param {any} dashboard @returns {any[]} */
export const variablesOf = (dashboard) =>
  dashboard.templating.list.filter((/** @type {any} */ { type, hide }) => type !== "datasource" && !hide);

/**
 * With one more value of a variable chosen alone, or with none if it was that.
 * @param {Shown} shown
 * @param {string} name
 * @param {string} value
 * @returns {Shown}
 */
export function toggled(shown, name, value) {
  const { [name]: before, ...others } = shown.variables;
  const wasIt = before?.length === 1 && before[0] === value;
  return { ...shown, variables: wasIt ? others : { ...others, [name]: [value] } };
}

/** @typedef {{ title: string, panels: any[] }} Section */

/**
 * The picture a person wants first: all single figures on top, then the rest under its headings.
 * @param {any} dashboard Grafana's JSON
 * @returns {{ headline: any[], sections: Section[] }}
 */
export function arranged(dashboard) {
  /** @type {Section[]} */
  const sections = [{ title: "", panels: [] }];
  for (const panel of dashboard.panels)
    if (panel.type === "row") sections.push({ title: panel.title, panels: [...(panel.panels ?? [])] });
    else sections[sections.length - 1].panels.push(panel);
  const headline = sections.flatMap(({ panels }) => panels.filter(({ type }) => type === "stat"));
  return {
    headline,
    sections: sections
      .map(({ title, panels }) => ({ title, panels: panels.filter(({ type }) => type !== "stat") }))
      .filter(({ panels }) => panels.length),
  };
}
