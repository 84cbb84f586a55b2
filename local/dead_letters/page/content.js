// Dead letters as elements. What senders wrote becomes text and nothing else.

/** @typedef {import("./letters.js").Entry} Entry */
/** @typedef {import("./letters.js").Whole} Whole */

/**
 * @param {string} name
 * @param {string} [text]
 * @param {string} [className]
 */
export function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/**
 * One letter of the list, which shows its bytes once it is opened.
 * @param {Entry} entry
 * @param {(place: HTMLElement, number: string) => void} opened
 */
export function listed(entry, opened) {
  const item = element("li");
  const details = /** @type {HTMLDetailsElement} */ (element("details"));
  const summary = element("summary");
  const place = element("div", "", "whole");
  summary.append(
    element("time", moment(entry.arrived_ms)),
    element("span", entry.reason, "reason"),
    element("span", entry.detail, "detail"),
    element("span", entry.preview, "preview"),
  );
  details.append(summary, place);
  details.addEventListener("toggle", () => details.open && opened(place, entry.sequence_number));
  item.append(details);
  return item;
}

/**
 * All that is known of a letter.
 * @param {Whole} whole
 */
export function inFull({ entry, layers }) {
  const facts = element("dl");
  for (const [name, value] of known(entry)) facts.append(element("dt", name), element("dd", value));
  const bytes = layers.flatMap(({ title, form, text, bytes }) => [
    element("h3", `${title}: ${bytes.toLocaleString("en")} bytes`),
    element("pre", text, form),
  ]);
  return [facts, ...bytes];
}

/**
 * @param {Entry} entry
 * @returns {[string, string][]} name and value of what is known
 */
function known(entry) {
  const cut = entry.kept_bytes < entry.whole_bytes;
  /** @type {[string, string | false][]} */
  const facts = [
    ["stage", entry.stage],
    ["received", entry.recv_at_ms > 0 && moment(entry.recv_at_ms)],
    ["path", entry.path],
    ["user agent", entry.user_agent],
    ["record", entry.record && `${entry.shard} ${entry.record}`],
    ["letter", entry.sequence_number],
    ["cut off", cut && `${entry.kept_bytes} of ${entry.whole_bytes} bytes are kept`],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value]] : []));
}

/** @param {number} ms */
function moment(ms) {
  return `${new Date(ms).toISOString().replace("T", " ").slice(0, 19)}Z`;
}
