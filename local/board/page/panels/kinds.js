// Grafana's types of panels that are drawn here.

import { stat } from "./stat.js";
import { states } from "./states.js";
import { table } from "./table.js";
import { timeseries } from "./timeseries.js";

/** @type {Record<string, import("../board.js").Kind>} */
export const KINDS = {
  barchart: timeseries,
  stat,
  "state-timeline": states,
  table,
  timeseries,
};
