// The dashboard's variables, as a person sets them.

import { at, make } from "./dom.js";

/**
 * One variable on the page. `update` shows the values that are chosen; none are all.
 * @typedef {{ name: string, element: HTMLElement, update: (chosen: string[]) => void }} Control
 */
/**
 * @typedef {object} Listeners
 * @property {(values: string[]) => void} choose
 * @property {() => Promise<string[]>} offered asks for the values there are
 */

/**
 * @param {any} variable Grafana's JSON
 * @param {Listeners} listeners
 * @returns {Control}
 */
export const controlOf = (variable, listeners) => ({
  name: variable.name,
  ...KINDS[/** @type {keyof typeof KINDS} */ (variable.type)](variable, listeners),
});

/** @param {any} variable */
const labelOf = ({ label, name }) => label || name;

/** @param {any} variable @param {Listeners} listeners */
function textbox(variable, { choose }) {
  const input = make("input", { type: "text", spellcheck: false, onchange: () => choose([input.value.trim()]) });
  return {
    element: make("label", { class: "variable" }, make("span", {}, labelOf(variable)), input),
    update(/** @type {string[]} */ [value = ""]) {
      input.value = value;
      input.size = Math.max(6, value.length);
    },
  };
}

/** @param {any} variable @param {Listeners} listeners */
function select(variable, { choose }) {
  const options = variable.options.map((/** @type {any} */ { value, text }) => make("option", { value }, text));
  const made = make("select", { onchange: () => choose([made.value]) }, ...options);
  return {
    element: make("label", { class: "variable" }, make("span", {}, labelOf(variable)), made),
    update: (/** @type {string[]} */ [value]) => void (made.value = value),
  };
}

/** Any number of values, asked for when it is opened. @param {any} variable @param {Listeners} listeners */
function filter(variable, { choose, offered }) {
  const label = labelOf(variable);
  /** @type {string[]} */
  let chosen = [];
  const shown = make("b");
  const title = make("summary", {}, make("span", {}, label), shown);
  const list = make("fieldset", {}, "Loading…");
  const element = make("details", { class: "variable filter" }, title, list);

  const boxes = () => /** @type {HTMLInputElement[]} */ ([...list.querySelectorAll("input")]);
  list.addEventListener("change", () => {
    const values = boxes().flatMap(({ checked, value }) => (checked ? [value] : []));
    choose(values.length ? values : ["$__all"]);
  });

  async function open() {
    try {
      const values = [...new Set([...(await offered()), ...chosen])];
      const choices = values.map((value) => {
        const box = make("input", { type: "checkbox", value, checked: chosen.includes(value) });
        return make("label", {}, box, value);
      });
      const all = make("button", { type: "button", onclick: () => choose(["$__all"]) }, "All");
      list.replaceChildren(make("legend", { class: "unseen" }, label), all, ...choices);
    } catch (error) {
      list.replaceChildren(/** @type {Error} */ (error).message);
    }
  }

  element.addEventListener("toggle", () => {
    if (!element.open) return;
    for (const other of at("variables").querySelectorAll("details[open]")) if (other !== element) other.open = false;
    open();
  });
  element.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    element.open = false;
    title.focus();
  });
  return {
    element,
    update(/** @type {string[]} */ values) {
      chosen = values;
      shown.textContent = values.join(", ") || "All";
      element.classList.toggle("set", values.length > 0);
      for (const box of boxes()) box.checked = values.includes(box.value);
    },
  };
}

/** Grafana's types of variables. */
export const KINDS = { custom: select, query: filter, textbox };
