import type { Line } from "../report.ts";
import { BODIES, type Counted, FLEETS } from "./counted.ts";
import { bodiesPerDay, DAY_S } from "./month.ts";
import { bill, worth } from "./prices.ts";
import { money, styles } from "./table.ts";

const SECTION = "Dollars a month at list prices, the plan included, the database not";
const STYLES = [
  "polls only",
  "polls and pushes, one item a body",
  "polls and pushes, bodies of ten",
  "polls and pushes, bodies of a hundred",
];

/** Of a queue, by the platform's limits. */
const MESSAGES_PER_S = 5_000;

/** The queue cuts batches now here, now there, and a busy machine takes more CPU. */
const MOST_OFF = 0.2;

/** What was counted, beside what docs/cost.md is computed from. */
export function linesOf(counted: Counted, documented: Counted): Line[] {
  const costs = FLEETS.flatMap((vehicles) => {
    const before = styles(documented, vehicles);
    return styles(counted, vehicles).map((usage, style): Line => {
      const dollars = bill(usage);
      const then = before[style] ?? usage;
      const ratio = worth(usage) / worth(then);
      return {
        section: SECTION,
        what: `${vehicles.toLocaleString("en")} vehicles, ${STYLES[style]}`,
        value: dollars,
        measured: money(dollars),
        bound: `use ± ${MOST_OFF * 100} %`,
        holds: Math.abs(ratio - 1) <= MOST_OFF,
        figures:
          `${((100 * dollars) / vehicles).toFixed(1)} cents a vehicle; ` +
          `docs/cost.md: ${money(bill(then))}, counted on ${documented.on}, of which what is used now is ${(100 * ratio).toFixed(0)} %`,
      };
    });
  });
  return [...costs, room(counted)];
}

/** How large a fleet may be before the queue refuses its pushes. */
function room(counted: Counted): Line {
  const [alone = 0, ...others] = BODIES.map(
    (size) => MESSAGES_PER_S / (bodiesPerDay(counted, size) / DAY_S),
  ).map((vehicles) => Math.floor(vehicles / 1_000) * 1_000);
  return {
    section: SECTION,
    what: "vehicles whose pushes the queue takes, one item a body",
    value: alone,
    measured: alone.toLocaleString("en"),
    figures:
      `${MESSAGES_PER_S.toLocaleString("en")} messages a second; ${(counted.itemsPerDay / 1_440).toFixed(1)} items a vehicle and minute; ` +
      `in larger bodies ${others.map((vehicles) => vehicles.toLocaleString("en")).join(" and ")}`,
  };
}
