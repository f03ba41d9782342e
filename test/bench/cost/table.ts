import { BODIES, type Counted, FLEETS, type FleetSize } from "./counted.ts";
import { canary, geocoder, polls, pushes, watched } from "./month.ts";
import { bill, dollarsOf, PRICES } from "./prices.ts";
import { QUANTITIES, sum, type Usage } from "./usage.ts";

/** The fleet of which the parts are shown. */
const DISSECTED: FleetSize = 1_500;

/** A part that costs less everywhere is not shown. */
const SHOWN_FROM_DOLLARS = 0.5;

const HEAD = ["polls only", "one item a body", "bodies of ten", "bodies of a hundred"];

/** A month of the polls, and of the polls with pushes in bodies of each size. */
export const styles = (counted: Counted, vehicles: FleetSize): Usage[] => [
  polls(counted, vehicles),
  ...BODIES.map((size) => sum([polls(counted, vehicles), 1], [pushes(counted, vehicles, size), 1])),
];

/** What a month costs: with the plan, dollars and cents for each vehicle. */
export function costTable(counted: Counted): string {
  const rows = FLEETS.map((vehicles) => [
    vehicles.toLocaleString("en"),
    ...styles(counted, vehicles).map((usage) => {
      const dollars = bill(usage);
      return `${money(dollars)} · ${((100 * dollars) / vehicles).toFixed(1)} ¢`;
    }),
  ]);
  return markdown([["vehicles", ...HEAD], ...rows]);
}

/** What one size's month is made of: what is used, and what it costs beyond what is included. */
export function partsTable(counted: Counted): string {
  const months = styles(counted, DISSECTED);
  const rows = QUANTITIES.map((quantity) => PRICES[quantity].name).flatMap((name, index) => {
    const quantity = QUANTITIES[index] as keyof Usage;
    const price = PRICES[quantity];
    const dollars = months.map((usage) => dollarsOf(price, usage[quantity]));
    if (Math.max(...dollars) < SHOWN_FROM_DOLLARS) return [];
    const cells = months.map((usage, style) => `${amount(usage[quantity])} · ${money(dollars[style] ?? 0)}`);
    return [{ most: Math.max(...dollars), row: [`${name} (${amount(price.included)})`, ...cells] }];
  });
  rows.sort((a, b) => b.most - a.most);
  return markdown([
    [`${DISSECTED.toLocaleString("en")} vehicles (included)`, ...HEAD],
    ...rows.map(({ row }) => row),
  ]);
}

/** What comes on top of the polls. */
export function extrasTable(counted: Counted): string {
  const cells = (more: (vehicles: FleetSize) => Usage) =>
    FLEETS.map((vehicles) => {
      const own = polls(counted, vehicles);
      return money(bill(sum([own, 1], [more(vehicles), 1])) - bill(own));
    });
  return markdown([
    ["on top of the polls of", ...FLEETS.map((vehicles) => `${vehicles.toLocaleString("en")} vehicles`)],
    ["live map watched 10 hours a day", ...cells((vehicles) => watched(counted, vehicles, 10))],
    ["live map watched around the clock", ...cells((vehicles) => watched(counted, vehicles, 24))],
    ["an address every second, around the clock", ...cells(() => geocoder(counted))],
    ["canary device, one push a minute", ...cells(() => canary(counted))],
    ["a year's archive, of polls and bodies of ten", ...cells((vehicles) => yearsArchive(counted, vehicles))],
  ]);
}

/** What lies in R2 after a year, since nothing there expires, beyond what the polls left in a month. */
function yearsArchive(counted: Counted, vehicles: FleetSize): Usage {
  const polled = polls(counted, vehicles).archiveGb;
  const pushed = pushes(counted, vehicles, 10).archiveGb;
  return sum([{ archiveGb: 12 * (polled + pushed) - polled }, 1]);
}

/** All tables as they stand in docs/cost.md. */
export const tables = (counted: Counted): string[] => [
  costTable(counted),
  partsTable(counted),
  extrasTable(counted),
];

export const money = (dollars: number): string =>
  `$${dollars < 1_000 ? dollars.toFixed(2) : Math.round(dollars).toLocaleString("en")}`;

/** Millions with one decimal; what is less than a tenth of one, in thousands, or as it is. */
export function amount(count: number): string {
  if (count >= 1e5) return `${(count / 1e6).toFixed(1)} M`;
  return count >= 1e3 ? `${Math.round(count / 1e3)} k` : count.toFixed(0);
}

function markdown([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
