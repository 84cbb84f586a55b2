// Colours of series and of states. A person who does not see red or green can tell all of them apart
// (Okabe and Ito, "Color Universal Design"); series beyond the eighth get the same ones, dashed.

/** Names of custom properties in board.css. */
const SERIES = ["blue", "orange", "green", "purple", "red", "sky", "yellow", "grey"];

/** Grafana's names of colours, as dashboards use them -> ours. */
export const NAMES = /** @type {Record<string, string>} */ ({
  green: "green",
  yellow: "yellow",
  orange: "orange",
  red: "red",
  blue: "blue",
  purple: "purple",
  gray: "grey",
  grey: "grey",
  "light-blue": "sky",
  text: "text",
  transparent: "transparent",
});

/** @type {Map<string, number>} A group keeps its colour while the page is open, in every panel. */
const taken = new Map();

/** @param {string} name a name of Grafana's @returns {string} for CSS */
export function css(name) {
  const ours = NAMES[name.replace(/^(?:super-light|semi-dark|dark)-/, "")] ?? NAMES[name] ?? "grey";
  return ours === "transparent" ? ours : `var(--${ours})`;
}

/** Takes colours on, so that the browser works out what they are. */
const probe = document.createElement("i");
probe.hidden = true;

/**
 * The colour itself, for a canvas.
 * @param {string} name of a custom property
 * @param {number} [opacity]
 */
export function computed(name, opacity = 1) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(--${name})`;
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [0, 0, 0];
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

/**
 * @param {string | number} key what the series is about: its labels, or its place among those without
 * @param {string} [fixed] a name of Grafana's
 * @returns {{ name: string, dashed: boolean }} the custom property, and whether the line is dashed
 */
export function ofSeries(key, fixed) {
  if (fixed && NAMES[fixed]) return { name: NAMES[fixed], dashed: false };
  const number = typeof key === "number" ? key : (taken.get(key) ?? taken.size);
  if (typeof key === "string") taken.set(key, number);
  return { name: SERIES[number % SERIES.length], dashed: number % (2 * SERIES.length) >= SERIES.length };
}
