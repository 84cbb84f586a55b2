// The page of dead letters: what is shown, and what a person does with it.

import { element, inFull, listed } from "./content.js";
import { newest, reinject, whole } from "./letters.js";

/** @typedef {import("./letters.js").Entry} Entry */

/** @param {string} id */
const at = (id) => /** @type {any} */ (document.getElementById(id));

/** @type {Entry[]} */
let entries = [];
/** @type {string | null} The only reason that is shown; null: all. */
let reason = null;

const shown = () => entries.filter((entry) => reason === null || entry.reason === reason);

/**
 * @param {string} sentence
 * @param {boolean} [failed]
 */
function say(sentence, failed = false) {
  at("status").textContent = sentence;
  at("status").classList.toggle("failed", failed);
}

/** Run what may fail, and say so if it does. @param {() => Promise<void>} work */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    say(/** @type {Error} */ (error).message, true);
  }
}

async function load() {
  say("Reading the dead letters…");
  const found = await newest(at("newest").value);
  entries = found.entries;
  if (!entries.some((entry) => entry.reason === reason)) reason = null;
  draw();
  const older = found.all_read ? "" : " There are older ones.";
  say(entries.length ? `The newest ${entries.length} dead letters.${older}` : "There are no dead letters.");
}

function draw() {
  const counts = new Map();
  for (const entry of entries) counts.set(entry.reason, (counts.get(entry.reason) ?? 0) + 1);
  const byCount = [...counts].sort((one, other) => other[1] - one[1]);
  at("reasons").replaceChildren(...byCount.map(([name, count]) => choice(name, count)));
  at("letters").replaceChildren(...shown().map((entry) => listed(entry, open)));
  at("reinject").disabled = shown().length === 0;
  at("reinject").textContent = `Re-inject these ${shown().length}`;
}

/**
 * @param {string} name
 * @param {number} count
 */
function choice(name, count) {
  const button = element("button", `${name} ${count}`);
  button.setAttribute("aria-pressed", String(reason === name));
  button.addEventListener("click", () => {
    reason = reason === name ? null : name;
    draw();
  });
  return button;
}

/**
 * @param {HTMLElement} place
 * @param {string} number
 */
const open = (place, number) =>
  attempt(async () => {
    if (place.childElementCount) return;
    const button = element("button", "Re-inject this one");
    button.addEventListener("click", () => ask([number]));
    place.replaceChildren(...inFull(await whole(number)), button);
  });

/** Put these back if the person agrees. @param {string[]} numbers */
const ask = (numbers) =>
  attempt(async () => {
    const letters = numbers.length === 1 ? "this dead letter" : `${numbers.length} dead letters`;
    at("question").textContent = `Re-inject ${letters}?`;
    at("confirm").returnValue = "no";
    at("confirm").showModal();
    await new Promise((closed) => at("confirm").addEventListener("close", closed, { once: true }));
    if (at("confirm").returnValue !== "yes") return;
    say("Re-injecting…");
    const { sentence, refused, missing } = await reinject(numbers);
    const reasons = [...new Set(refused.map(({ why }) => why))];
    const gone = missing.length ? `${missing.length} are no longer in the stream of dead letters` : "";
    say([sentence, ...reasons, gone].filter(Boolean).join("; "), refused.length + missing.length > 0);
  });

at("controls").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  attempt(load);
});
at("newest").addEventListener("change", () => attempt(load));
at("reinject").addEventListener("click", () => ask(shown().map((entry) => entry.sequence_number)));
attempt(load);
