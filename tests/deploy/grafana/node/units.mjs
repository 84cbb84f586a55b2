// The ids of all units that Grafana knows, as a JSON list on standard output.
import { createRequire } from "node:module";

globalThis.navigator ??= { language: "en-US", languages: ["en-US"] };
const { getValueFormats } = createRequire(import.meta.url)("@grafana/data");
process.stdout.write(JSON.stringify(getValueFormats().flatMap(({ submenu }) => submenu.map(({ value }) => value))));
