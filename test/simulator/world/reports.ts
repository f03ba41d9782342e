/** How a world's reports and histories differ from the usual; see the README's options. */
export interface ReportOptions {
  /** Trips and parkings that reach over a window's border are cut there. */
  cutTrips: boolean;
  /** Trips say `elapsed` instead of `runTimeSecond` (reference §4, quirk 6). */
  elapsedTrips: boolean;
  /** Values of `acc_type` this node takes; `on` is idling, all others are parking. */
  parkingAccTypes: string[];
  /** Of these, those that always answer no rows. */
  parkingEmpty: string[];
  /** What the first row is called, and which page sizes are taken. */
  parkingPaging: { bases: number[]; sizes: number[] };
  /** The end of a parking that goes on: null, or where the window ends. */
  parkingEnds: "null" | "cut";
}

export const REPORT_DEFAULTS: ReportOptions = {
  cutTrips: false,
  elapsedTrips: false,
  parkingAccTypes: ["0", "on", "off"],
  parkingEmpty: [],
  parkingPaging: { bases: [0, 1], sizes: [10, 50, 100] },
  parkingEnds: "null",
};

/** The defaults with what was chosen. */
export function reportOptionsOf(options: Partial<ReportOptions>): ReportOptions {
  const chosen = <Name extends keyof ReportOptions>(name: Name): ReportOptions[Name] =>
    options[name] ?? REPORT_DEFAULTS[name];
  return {
    cutTrips: chosen("cutTrips"),
    elapsedTrips: chosen("elapsedTrips"),
    parkingAccTypes: chosen("parkingAccTypes"),
    parkingEmpty: chosen("parkingEmpty"),
    parkingPaging: { ...REPORT_DEFAULTS.parkingPaging, ...options.parkingPaging },
    parkingEnds: chosen("parkingEnds"),
  };
}
