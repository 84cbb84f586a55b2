// Numbers as a person reads them.

import assert from "node:assert/strict";
import test from "node:test";

import { format, UNITS } from "../../../../local/board/page/format.js";

const CASES = /** @type {[number, string, number | null, string][]} */ ([
  [0, "none", null, "0"],
  [1234.5, "none", null, "1,235"],
  [27.46, "none", 1, "27.5"],
  [-0.0001, "none", 2, "0.00"],
  [0.00423, "percentunit", 2, "0.42 %"],
  [0.00423, "percentunit", null, "0.42 %"],
  [1, "percentunit", null, "100 %"],
  [0.5, "percentunit", 1, "50.0 %"],
  [0, "ms", null, "0 ms"],
  [730.2, "ms", null, "730 ms"],
  [1530, "ms", null, "1.53 s"],
  [90_000, "ms", null, "1.5 min"],
  [5_400_000, "ms", null, "1.5 h"],
  [90, "s", null, "1.5 min"],
  [800, "Kbits", null, "800 kbit/s"],
  [4_500, "Kbits", null, "4.50 Mbit/s"],
  [1_234_567, "short", null, "1.23 M"],
  [12, "viewers", null, "12 viewers"],
]);

for (const [value, unit, decimals, expected] of CASES)
  test(`${value} in ${unit} is ${expected}`, () => assert.equal(format(value, unit, decimals), expected));

test("every unit says 0 as 0", () => {
  for (const unit of Object.keys(UNITS)) assert.match(format(0, unit), /^0(?![\d.,])/, unit);
});
