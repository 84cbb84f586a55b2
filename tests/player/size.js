/** Bytes of the SDK (core and the adapter of media elements) as a server would send it: no comments, gzip. Not minified. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import typescript from "typescript";

const FILES = ["clock", "queue", "transport", "delivery", "beacons", "playback", "video"];
const compilerOptions = { removeComments: true, target: 99, module: 99 };
const source = FILES.map((name) => readFileSync(new URL(`../../player/${name}.js`, import.meta.url), "utf8")).join("\n");
console.log(gzipSync(typescript.transpileModule(source, { compilerOptions }).outputText, { level: 9 }).length);
