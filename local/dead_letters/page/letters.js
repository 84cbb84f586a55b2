// What the page asks the server for.

/**
 * @typedef {object} Entry One dead letter in the list; texts are empty where nothing is known.
 * @property {string} sequence_number
 * @property {number} arrived_ms
 * @property {string} reason
 * @property {string} detail
 * @property {string} stage
 * @property {number} recv_at_ms
 * @property {string} shard
 * @property {string} record
 * @property {string} path
 * @property {string} user_agent
 * @property {number} kept_bytes
 * @property {number} whole_bytes
 * @property {string} preview
 *
 * @typedef {{title: string, form: "text" | "hex", text: string, bytes: number}} Layer
 * @typedef {{entry: Entry, layers: Layer[]}} Whole
 * @typedef {{sentence: string, refused: {sequence_number: string, why: string}[], missing: string[]}} Outcome
 */

/**
 * The newest dead letters, the newest first.
 * @param {string} count
 * @returns {Promise<{entries: Entry[], all_read: boolean}>}
 */
export const newest = (count) => ask(`letters?newest=${count}`);

/**
 * One letter with its bytes.
 * @param {string} number
 * @returns {Promise<Whole>}
 */
export const whole = (number) => ask(`letters/${number}`);

/**
 * Put the records of these letters on the stream of beacons again.
 * @param {string[]} letters their sequence numbers
 * @returns {Promise<Outcome>}
 */
export const reinject = (letters) =>
  ask("reinject", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ letters }),
  });

/**
 * @param {string} path
 * @param {RequestInit} [request]
 * @throws {Error} with a sentence for a person
 */
async function ask(path, request) {
  let answer;
  try {
    answer = await fetch(`/dead-letters/${path}`, request);
  } catch {
    throw new Error("The stack does not answer: is `make run` still at work?");
  }
  const content = await answer.json();
  if (!answer.ok) throw new Error(content.error);
  return content;
}
