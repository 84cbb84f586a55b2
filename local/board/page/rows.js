// The rows of a table: their order, and which are made of too few. Pure.

/** @typedef {import("./field.js").Field} Field */

/**
 * The rows' numbers in the order to show them; what is not known stands last.
 * @param {Field[]} fields
 * @param {number} length
 * @param {{ name: string, falling: boolean } | null} sorted by which column; null: as they came
 */
export function order(fields, length, sorted) {
  const rows = [...Array(length).keys()];
  const by = fields.find(({ name }) => name === sorted?.name)?.values;
  if (!sorted || !by) return rows;
  const sign = sorted.falling ? -1 : 1;
  return rows.sort((one, other) => {
    if (by[one] === null || by[other] === null) return Number(by[one] === null) - Number(by[other] === null);
    return by[one] < by[other] ? -sign : by[one] > by[other] ? sign : 0;
  });
}

/**
 * Whether a row is a group of too few. One session is no group.
 * @param {Field[]} fields
 * @param {number} row
 * @param {number} minN
 */
export function isFew(fields, row, minN) {
  if (fields.some(({ name }) => name === "session_id")) return false;
  const n = fields.find(({ name }) => name === "n")?.values[row] ?? null;
  return n !== null && n < minN;
}
