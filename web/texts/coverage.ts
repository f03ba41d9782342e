// Words of the page Coverage; they come with it.

const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);

export const words = {
  hint: "Of the time vehicles were under way, how much is known",
  refused: "Reading coverage needs a key with the scope read.",
  by: { name: "What a column is", hour: "A day, by hour", day: "Days" },
  day: "Day",

  kinds: {
    have: "have",
    recovered: "recovered: came late",
    missing: "missing",
    nothing: "nothing expected",
    later: "still to come",
  },
  have: "Have",
  recovered: "Recovered",
  missing: "Missing",
  expected: "Under way",
  known: "Known",
  legend: "What the colours and patterns stand for",

  summary: {
    title: "The fleet as it is shown",
    known: "of the time under way is known",
    nothing: "No vehicle was under way",
    vehicles: (count: number, shown: string) => `${shown} ${plural(count, "vehicle", "vehicles")} under way`,
    gaps: "Gaps",
    gapStates: {
      open: (shown: string) => `${shown} open`,
      filled: (shown: string) => `${shown} filled`,
      none: (shown: string) => `${shown} the vendor has none for`,
    },
    noGaps: "none",
  },

  filters: {
    name: "Which vehicles",
    search: "Search plate, name or IMEI",
    searchHint: "Plate, name or IMEI",
    show: "Show",
    shows: {
      all: "All",
      missing: "Missing something",
      recovered: "Recovered something",
      underway: "Under way",
    },
    account: "Account",
    city: "City",
    allAccounts: "All accounts",
    allCities: "All cities",
    sort: "Order",
    sorts: {
      worst: "Worst first",
      recovered: "Most recovered first",
      name: "By name",
      expected: "Most under way first",
    },
    clear: "Clear the filters",
    none: "No vehicle matches",
    noneHint: "Clear the search or the filters.",
    noVehicles: "No vehicle is in service",
    noVehiclesHint: "Vehicles come with the job devices: the page Ingest says how it is.",
  },

  as: { name: "Shown as", grid: "Grid", table: "Table" },
  csv: "Download CSV",
  saved: (name: string) => `${name} was saved`,
  shown: (count: number, shown: string, all: string) =>
    `${shown} of ${all} ${plural(count, "vehicle", "vehicles")}`,
  leftOut: (count: string) => `${count} vehicles that miss less are left out: set a filter.`,

  grid: {
    hours: (day: string) => `Vehicles by hour, ${day}`,
    days: (range: string) => `Vehicles by day, ${range}`,
    keys: "Arrow keys move, with Shift they select, Home and End go to the ends of the row, Enter selects a cell, Space a whole vehicle, Escape nothing.",
    vehicle: "Vehicle",
    fleet: "Fleet",
    total: "Missing",
    column: (label: string) => `Select ${label} of all vehicles`,
    allKnown: "all known",
    soFar: "so far",
  },

  selected: {
    title: "What is selected",
    none: "Select a cell, a vehicle or a column",
    noneHint: "Then what is known of it stands here, and it can be asked for again.",
    close: "Select nothing",
    vehicles: (count: number, shown: string) => `${shown} ${plural(count, "vehicle", "vehicles")}`,
    history: (label: string, day: string) => `${label} on ${day} in History`,
    byHour: (day: string) => `${day} by hour`,
    worst: "Missing most",
    andMore: (count: string) => `and ${count} more`,
    earlier: "Cell before",
    later: "Cell after",
  },

  gaps: {
    title: "Gaps",
    strip: "Gaps in time",
    none: "No gap touches it",
    cut: "The newest 100 of a vehicle are shown.",
    states: { open: "open", filled: "filled", none: "vendor has none" } as Record<string, string>,
    reasons: {
      moved: "It moved without fixes",
      ingest_down: "Nothing came in: ours to blame",
      contact_only: "In touch, without fixes",
    } as Record<string, string>,
    points: (count: number, shown: string) => `${shown} ${plural(count, "fix", "fixes")} came`,
    tries: (count: number, shown: string) => `asked ${shown} ${plural(count, "time", "times")}`,
    neverAsked: "not asked yet",
    tooMany: "Select a single vehicle to see its gaps.",
  },

  backfill: {
    label: "Ask Tracksolid again",
    title: "Ask for a span of the past again",
    confirm: "Ask",
    what: "What to ask for",
    jobs: {
      tracks: "Tracks: what fills gaps",
      trips: "Trips",
      parking: "Stays",
      alarms: "Alarms",
    },
    explain: (vehicles: string, span: string) =>
      `Tracksolid is asked for ${vehicles}, ${span}. What is here already stays and is not doubled; it counts against the vendor's quota.`,
    all: "all vehicles in service",
    tooMany: (most: string) =>
      `At most ${most} vehicles at once: select fewer, or a whole column without filters.`,
    later: "None of it has begun yet.",
    planned: (windows: number, shown: string, vehicles: string) =>
      `${shown} ${plural(windows, "window", "windows")} of ${vehicles} are asked for one by one. Close this to see how it goes.`,
    nothing: "There is nothing to ask: no vehicle among them is in service and was heard of then.",
  },

  run: {
    title: (job: string) => `Backfill of ${job}`,
    going: (done: string, all: string) => `${done} of ${all} windows asked`,
    planning: "It is being planned…",
    done: "All was asked",
    failed: "Not all could be asked",
    brought: (items: string, calls: string) => `${items} items came with ${calls} calls`,
    after: "Coverage is computed anew within some minutes; what is shown here follows by itself.",
    close: "Hide",
    more: "This run in Ingest",
    notAdmin: "How the run goes needs a key with the scope admin.",
    counts: (done: string, postponed: string, failed: string) =>
      `${done} done · ${postponed} postponed · ${failed} failed`,
  },
};
