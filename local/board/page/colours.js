// Colours of series and of states. A person who does not see red or green can tell all of them apart
// (Okabe and Ito, "Color Universal Design"); series beyond the eighth get the same ones, dashed.

/** Names of custom properties in board.css. */
const SERIES = ["blue", "orange", "green", "purple", "red", "sky", "yellow", "grey"];

/** Colours that dashboards name -> ours, which are apart in the dark as well. */
export const NAMES = /** @type {Record<string, string>} */ ({
  "#0072B2": "blue",
  "#E69F00": "orange",
  "#009E73": "green",
  "#CC79A7": "purple",
  "#D55E00": "red",
  "#56B4E9": "sky",
  "#F0E442": "yellow",
  "#808080": "grey",
  "#999999": "grey",
  "#882255": "wine",
  "#BBDDF3": "pale",
  "#DDDDDD": "line",
  "#4D4D4D": "dim",
  "#000000": "text",
});

/** @type {Map<string, number>} A group keeps its colour while the page is open, in every panel. */
const taken = new Map();

/** @param {string} name as a dashboard names it @returns {string} for CSS */
export const css = (name) => `var(--${NAMES[name] ?? "grey"})`;

/**
 * The colour itself, for a canvas.
 * @param {string} name of a custom property
 * @param {number} [opacity]
 */
export function computed(name, opacity = 1) {
  // A property that is `light-dark()` is worked out only where an element takes it on.
  const taker = document.createElement("i");
  taker.style.color = `var(--${name})`;
  document.body.append(taker);
  const [red, green, blue] = getComputedStyle(taker).color.match(/[\d.]+/g) ?? [0, 0, 0];
  taker.remove();
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

/**
 * @param {string | number} key what the series is about: its labels, or its place among those without
 * @param {string} [fixed] as a dashboard names it
 * @returns {{ name: string, dashed: boolean }} the custom property, and whether the line is dashed
 */
export function ofSeries(key, fixed) {
  if (fixed && NAMES[fixed]) return { name: NAMES[fixed], dashed: false };
  const number = typeof key === "number" ? key : (taken.get(key) ?? taken.size);
  if (typeof key === "string") taken.set(key, number);
  return { name: SERIES[number % SERIES.length], dashed: number % (2 * SERIES.length) >= SERIES.length };
}
