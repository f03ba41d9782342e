// Words of what pages share, but the first view does without.

import { plural } from "./plural.ts";

export const shared = {
  table: {
    sortBy: (header: string) => `Sort by ${header}`,
    rows: (count: number, shown: string) => `${shown} ${plural(count, "row", "rows")}`,
    empty: "No rows",
  },

  picker: {
    vehicle: "Vehicle",
    vehicles: "Vehicles",
    placeholder: "Plate, name, driver or IMEI",
    none: "No vehicle matches",
    found: (count: number) => `${count} ${plural(count, "vehicle matches", "vehicles match")}`,
    more: (count: string) => `and ${count} more: type on`,
    remove: (label: string) => `Remove ${label}`,
    clear: "Clear",
    full: (most: number) => `At most ${most} vehicles`,
    retired: "not in service",
  },

  action: {
    needsScope: (scope: string) => `Needs the scope ${scope}`,
    readsOnly: "This environment only reads",
    working: "Working…",
    done: "Done",
    failed: "It did not work",
  },

  download: {
    csv: "Download CSV",
    working: "Preparing the file…",
    saved: (name: string) => `${name} was saved`,
    failed: (why: string) => `No file: ${why}`,
  },

  charts: {
    asTable: "As a table",
    time: "Time",
    day: "Day",
    least: "least",
    mean: "mean",
    most: "most",
    noData: "No data in this period",
    latest: "last",
    before: "Period before",
    from: "From",
    to: "To",
    what: "What",
    howLong: "How long",
    notLoaded: "The chart did not load",
  },
};
