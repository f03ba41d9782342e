type Item = Record<string, unknown>;

const IMEI_KEYS = ["deviceImei", "imei", "_imei"];

/** Ways an item can be of no use. The last two are no objects and do not fit into an E4. */
const BREAKAGES: ((item: Item) => unknown)[] = [
  withoutImei,
  (item) => changed(item, (key, value) => (IMEI_KEYS.includes(key) ? "86A-UNKNOWN" : value)),
  (item) => changed(item, (key, value) => (/time$/i.test(key) ? "2026-13-45 99:99:99" : value)),
  // Of what is no position, the rest would still be of use: there the IMEI goes instead.
  (item) => ("gpsTime" in item && "lat" in item ? { ...item, lat: 200 } : withoutImei(item)),
  () => "no item at all",
  () => null,
];

/**
 * Breaks an item in one of six ways: no IMEI, one that is not digits, unreadable times, 200 degrees north, a text
 * and null.
 *
 * @param number which way, counted on from any number
 * @param objectOnly leave out the last two
 */
export function brokenItem(item: Item, number: number, objectOnly: boolean): unknown {
  return BREAKAGES[number % (objectOnly ? 4 : BREAKAGES.length)]?.(item);
}

function withoutImei(item: Item): Item {
  return changed(item, (key, value) => (IMEI_KEYS.includes(key) ? undefined : value));
}

function changed(item: Item, change: (key: string, value: unknown) => unknown): Item {
  return JSON.parse(JSON.stringify(item, change)) as Item;
}
