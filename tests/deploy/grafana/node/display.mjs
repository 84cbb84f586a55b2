// Grafana's own code on what our dashboards say of their fields: reads {panels: [{fieldConfig, fields}]} as JSON from
// standard input, writes for each panel {name, values: [{text, color, links}]} of each field.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

globalThis.navigator ??= { language: "en-US", languages: ["en-US"] };
// Its ES modules do not load in Node, its CommonJS does.
const grafana = createRequire(import.meta.url)("@grafana/data");
const { applyFieldOverrides, createTheme, dataFrameFromJSON, getFieldDisplayName, Registry } = grafana;

// What the server's application registers of itself: how each property of an override is read.
const PROCESSORS = {
  displayName: grafana.displayNameOverrideProcessor,
  unit: grafana.unitOverrideProcessor,
  decimals: grafana.numberOverrideProcessor,
  min: grafana.numberOverrideProcessor,
  max: grafana.numberOverrideProcessor,
  mappings: grafana.valueMappingsOverrideProcessor,
  thresholds: grafana.thresholdsOverrideProcessor,
  color: grafana.identityOverrideProcessor,
  links: grafana.dataLinksOverrideProcessor,
  noValue: grafana.identityOverrideProcessor,
};
const registry = new Registry(() =>
  Object.entries(PROCESSORS).map(([id, process]) => ({ id, path: id, name: id, process, shouldApply: () => true })),
);

const KINDS = { time: "time", number: "number", string: "string", boolean: "boolean" };
const { panels } = JSON.parse(readFileSync(0, "utf8"));
const written = panels.map(({ fieldConfig, fields }) => {
  const frame = dataFrameFromJSON({
    schema: { fields: fields.map(({ name, type }) => ({ name, type: KINDS[type] })) },
    data: { values: fields.map(({ values }) => values) },
  });
  const [shown] = applyFieldOverrides({
    data: [frame],
    fieldConfig,
    fieldConfigRegistry: registry,
    replaceVariables: (text) => text,
    theme: createTheme(),
    timeZone: "utc",
  });
  return shown.fields.map((field) => ({
    name: getFieldDisplayName(field, shown),
    values: field.values.map((value) => {
      const { text, prefix = "", suffix = "", color } = field.display(value);
      return { text: `${prefix}${text}${suffix}`, color };
    }),
  }));
});
process.stdout.write(JSON.stringify(written));
