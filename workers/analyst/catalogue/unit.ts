/** What a comment says whatever the name: a time of day ends in `_at` as an instant does, and not every confidence is a share. */
const SAID: [words: RegExp, unit: string][] = [
  [/\(UTC\)/, "UTC"],
  [/time of day in the fleet's zone/, "time of day in the fleet's zone"],
  [/\bday\b.*in the fleet's zone/i, "day of the fleet's zone"],
  [/\b0 to 1\b/, "0 to 1"],
];

/** Ends of names. The longer stand before those they end in. */
const NAMED: [end: RegExp, unit: string][] = [
  [/_l_per_100_km$/, "l/100 km"],
  [/_per_100_km$/, "per 100 km"],
  [/_per_km$/, "per km"],
  [/_per_l$/, "currency per l"],
  [/_kmh$/, "km/h"],
  [/_km$/, "km"],
  [/_m$/, "m"],
  [/_ms$/, "ms"],
  [/_s$/, "s"],
  [/_h$/, "h"],
  [/^days(_|$)|_days$/, "days"],
  [/_l$|(^|_)litres$/, "l"],
  [/(^|_)share$/, "0 to 1"],
  [/_percent$/, "%"],
  [/_rpm$/, "1/min"],
  [/_v$/, "V"],
  [/_c$/, "°C"],
  [/_deg$|(^|_)(lat|lng)$/, "degrees"],
  [/(^|_)cost$/, "currency"],
  [/(^|_)day$/, "day of the fleet's zone"],
];

/** Units as comments name them after a comma: of columns that another product named. */
const COMMENTED: [words: RegExp, unit: string][] = [
  [/, (l|litres) per 100 km\b/, "l/100 km"],
  [/, km\/h\b/, "km/h"],
  [/, km(?=[.,;:]|$)/, "km"],
  [/, m(?=[.,;:]|$)/, "m"],
  [/, ms(?=[.,;:]|$)/, "ms"],
  [/, s(?=[.,;:]|$)/, "s"],
  [/, (l|litres)(?=[.,;:]|$)/, "l"],
  [/, V(?=[.,;:]|$)/, "V"],
  [/, °C(?=[.,;:]|$)/, "°C"],
  [/, %(?=[.,;:]|$)/, "%"],
  [/\bdegrees\b/, "degrees"],
];

const first = (list: [RegExp, string][], text: string): string | null =>
  list.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/**
 * The unit of a column: what its comment says, else the end of its name. A column of an answer that nobody commented is an
 * instant where its name ends like one.
 * @returns `s`, `km/h`, `0 to 1`, `UTC`, …; null for texts, counts, flags, and where nobody knows
 */
export function unitOf(name: string, comment: string | null): string | null {
  const words = comment ?? "";
  return (
    first(SAID, words) ??
    first(NAMED, name) ??
    first(COMMENTED, words) ??
    (comment === null && /(^|_)at$/.test(name) ? "UTC" : null)
  );
}
