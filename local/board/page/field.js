// How a panel shows one column of its answer: Grafana's fieldConfig, defaults and overrides. Pure.

/**
 * A column of a frame, as the server answers it.
 * @typedef {{ name: string, type: string, labels: Record<string, string>, values: any[] }} Field
 */
/** @typedef {{ name: string, fields: Field[], notices: string[] }} Frame */
/**
 * @typedef {object} Look
 * @property {string} title
 * @property {string} unit id of Grafana's
 * @property {number | null} decimals
 * @property {number | null} min
 * @property {number | null} max
 * @property {boolean} hidden in the answer, not in the picture
 * @property {{ value: number | null, color: string }[]} steps thresholds, in rising order
 * @property {Record<string, { text?: string, color?: string }>} mapped value -> what stands for it
 * @property {string} noValue what stands for a value that is not known
 * @property {string} color fixed colour, or empty
 * @property {string} link where a click on a value leads, or empty
 * @property {Record<string, any>} custom settings of the kind of panel
 */

/** Fields beside a figure: how many it is made of, which share of their beacons arrived. */
export const BESIDE = ["n", "completeness"];

/** The kind of override that dashboards here make use of. */
export const MATCHER = "byName";

/**
 * @param {Field} field
 * @param {{ defaults?: Record<string, any>, overrides?: any[] }} config a panel's fieldConfig
 * @returns {Look}
 */
export function lookOf(field, config) {
  /** @type {Record<string, any>} */
  const settings = { ...config.defaults, custom: { ...config.defaults?.custom } };
  for (const { matcher, properties } of config.overrides ?? [])
    if (matcher.id === MATCHER && matcher.options === field.name)
      for (const { id, value } of properties)
        if (id.startsWith("custom.")) settings.custom[id.slice("custom.".length)] = value;
        else settings[id] = value;
  return {
    title: settings.displayName ?? labelled(field),
    unit: settings.unit ?? "none",
    decimals: settings.decimals ?? null,
    min: settings.min ?? null,
    max: settings.max ?? null,
    hidden: Boolean(settings.custom.hidden || settings.custom.hideFrom?.viz),
    steps: settings.thresholds?.steps ?? [],
    mapped: mappedOf(settings.mappings),
    noValue: settings.noValue ?? "unknown",
    color: settings.color?.mode === "fixed" ? settings.color.fixedColor : "",
    link: settings.links?.[0]?.url ?? "",
    custom: settings.custom,
  };
}

/** What a field is called that has no title: its labels, or its name. @param {Field} field */
export const labelled = (field) => Object.values(field.labels).join(" · ") || field.name;

/** @param {any[]} [mappings] Grafana's; those of single values */
function mappedOf(mappings = []) {
  /** @type {Record<string, { text?: string, color?: string }>} */
  const found = {};
  for (const { type, options } of mappings) if (type === "value") Object.assign(found, options);
  return found;
}

/** The colour of a value by its thresholds; empty without any. @param {Look} look @param {number} value */
export function stepColor(look, value) {
  let color = "";
  for (const step of look.steps) if (step.value === null || value >= step.value) color = step.color;
  return color;
}

/**
 * The field `name` that belongs to another one: it has the same labels.
 * @param {Frame} frame
 * @param {Field} field
 * @param {string} name
 */
export function beside(frame, field, name) {
  const labels = JSON.stringify(field.labels);
  return frame.fields.find((other) => other.name === name && JSON.stringify(other.labels) === labels);
}

/** The columns of a frame that a picture is made of. @param {Frame} frame @param {any} config */
export const figures = (frame, config) =>
  frame.fields
    .filter((field) => field.type === "number" && !BESIDE.includes(field.name))
    .map((field) => ({ field, look: lookOf(field, config) }))
    .filter(({ look }) => !look.hidden);
