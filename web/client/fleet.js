import { isSame, mergePart } from "./columns.js";
import { judge } from "./status.js";

/** @typedef {import("./types.js").LiveVehicle} LiveVehicle */
/** @typedef {import("./types.js").Change} Change */

/** The vehicles as the parts that came add up. */
export function createFleet() {
  /** @type {Map<string, LiveVehicle>} */
  const vehicles = new Map();
  /** A picture begun anew that is not whole yet; the old one stands until it is. @type {Map<string, LiveVehicle> | null} */
  let next = null;
  /** Vehicles judged here, as the server left them. @type {Map<string, LiveVehicle>} */
  const judged = new Map();
  /** @type {import("./types.js").Thresholds | null} */
  let thresholds = null;
  /** @type {string | null} */
  let version = null;
  let [asOf, behindSince] = ["", /** @type {string | null} */ (null)];
  let whole = false;

  /** @param {Iterable<string>} imeis @param {string[]} [removed] @param {boolean} [reset] @returns {Change} */
  const change = (imeis, removed = [], reset = false) => ({
    vehicles: [...new Set(imeis)].flatMap((imei) => vehicles.get(imei) ?? []),
    removed,
    reset,
    asOf,
    behindSince,
    version: version ?? "",
  });

  /** The server is heard again: what it said counts. @returns {string[]} */
  function unjudge() {
    const imeis = [...judged.keys()];
    for (const [imei, vehicle] of judged) vehicles.set(imei, vehicle);
    judged.clear();
    return imeis;
  }

  /** @param {Map<string, LiveVehicle>} picture @returns {{ changed: string[], removed: string[] }} */
  function replaceBy(picture) {
    const removed = [...vehicles.keys()].filter((imei) => !picture.has(imei));
    for (const imei of removed) vehicles.delete(imei);
    const changed = [...picture.values()].filter((vehicle) => !isSame(vehicle, vehicles.get(vehicle.imei)));
    for (const vehicle of changed) vehicles.set(vehicle.imei, vehicle);
    return { changed: changed.map(({ imei }) => imei), removed };
  }

  return {
    vehicles,
    /** What is held, to go on from; null before the first picture. */
    get version() {
      return version;
    },
    /** Whether nothing more of what was begun is to come. */
    get whole() {
      return whole;
    },

    /** A stream begins: what an earlier one left unfinished does not come any more. */
    begin() {
      next = null;
      whole = true;
    },

    /**
     * Takes a message of the stream.
     * @param {import("./types.js").Part} part
     * @returns {Change | null} null while a new picture is not whole
     */
    take(part) {
      ({ thresholds, asOf, behindSince } = part);
      whole = part.version !== null;
      if (part.version !== null) version = part.version;
      if (part.reset) next = new Map();
      if (next) {
        mergePart(next, part);
        for (const imei of part.removed) next.delete(imei);
        if (!whole) return null;
        judged.clear();
        const { removed } = replaceBy(next);
        next = null;
        return change(vehicles.keys(), removed, true);
      }
      const imeis = [...unjudge(), ...mergePart(vehicles, part)];
      const removed = part.removed.filter((imei) => vehicles.delete(imei));
      return change(imeis, removed);
    },

    /**
     * Takes a whole picture, as polling gives it.
     * @param {Omit<import("./types.js").Part, "reset" | "removed">} picture
     * @returns {Change}
     */
    takeWhole(picture) {
      const first = version === null;
      ({ thresholds, asOf, behindSince, version } = picture);
      whole = true;
      next = null;
      const back = unjudge();
      const all = new Map();
      mergePart(all, { ...picture, reset: true, removed: [] });
      const { changed, removed } = replaceBy(all);
      return change([...back, ...changed], removed, first);
    },

    /** The picture is still true. @returns {Change | null} */
    confirm() {
      return judged.size > 0 ? change(unjudge()) : null;
    },

    /**
     * Judges every vehicle while the server is not heard.
     * @param {number} nowMs
     * @returns {Change | null}
     */
    settle(nowMs) {
      if (thresholds === null) return null;
      const imeis = [];
      for (const vehicle of vehicles.values()) {
        const status = judge(vehicle, nowMs, thresholds);
        if (status === vehicle.status) continue;
        if (!judged.has(vehicle.imei)) judged.set(vehicle.imei, vehicle);
        vehicles.set(vehicle.imei, { ...vehicle, status });
        imeis.push(vehicle.imei);
      }
      return imeis.length > 0 ? change(imeis) : null;
    },
  };
}
