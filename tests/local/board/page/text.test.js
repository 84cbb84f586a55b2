// One value as text, and where a click on it leads.

import assert from "node:assert/strict";
import test from "node:test";

import { lookOf } from "../../../../local/board/page/field.js";
import { besideText, linkOf, textOf } from "../../../../local/board/page/text.js";

/** @param {string} name @param {any[]} values */
const column = (name, values) => ({ name, type: "string", labels: {}, values });
/** @param {any} defaults */
const look = (defaults) => lookOf(column("x", []), { defaults });

test("what is not known is said in words, never as 0", () => {
  assert.equal(textOf(null, look({ unit: "ms" }), "number"), "unknown");
  assert.equal(textOf(0, look({ unit: "ms" }), "number"), "0 ms");
});

test("a value that is mapped has its text", () => {
  const mappings = [{ type: "value", options: { stall: { text: "stalled", color: "#D55E00" } } }];
  assert.equal(textOf("stall", look({ mappings }), "string"), "stalled");
  assert.equal(textOf("play", look({ mappings }), "string"), "play");
});

test("a figure tells of how many and how complete it is, as far as that is known", () => {
  assert.equal(besideText(1234, 0.998), "n 1,234 · 99.8 % complete");
  assert.equal(besideText(5.03, 1), "n 5.03 · 100 % complete");
  assert.equal(besideText(0, null), "n 0");
  assert.equal(besideText(null, null), "");
});

test("a link holds the row's values and the dashboard's variables", () => {
  const fields = [column("dimension", ["cdn"]), column("value", ["a&b"])];
  /** @param {string} url */
  const link = (url) => linkOf(fields, 0, fields[1], look({ links: [{ url }] }), (name) => `chosen ${name}`);
  const time = "&${__url_time_range}";
  assert.equal(link(`/d/q?var-\${__data.fields.dimension}=\${__value.raw}${time}`), "/d/q?var-cdn=a%26b");
  assert.equal(link("?var-x=${by:raw}"), "?var-x=chosen%20by");
});

test("what is not known leads nowhere", () => {
  assert.equal(linkOf([], 0, column("x", [null]), look({ links: [{ url: "/d/q" }] }), String), "");
});
