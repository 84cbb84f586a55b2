// Grafana's types of panels that are drawn here.

import { bars } from "./bars.js";
import { stat } from "./stat.js";
import { states } from "./states.js";
import { table } from "./table.js";
import { timeseries } from "./timeseries.js";
import { words } from "./words.js";

/** @type {Record<string, (place: HTMLElement, panel: any, board: import("../board.js").Board) => import("../board.js").Drawing>} */
export const KINDS = {
  barchart: bars,
  bargauge: bars,
  stat,
  "state-timeline": states,
  table,
  text: words,
  timeseries,
  trend: timeseries,
};
