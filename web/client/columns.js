/** @typedef {import("./types.js").LiveVehicle} LiveVehicle */

/** @type {Omit<LiveVehicle, "imei">} */
const NOTHING_KNOWN = {
  name: null,
  plate: null,
  driver: null,
  account: null,
  city: null,
  segment: null,
  vehicleType: null,
  model: null,
  lng: null,
  lat: null,
  headingDeg: null,
  speedKmh: null,
  status: "unknown",
  online: null,
  ignition: null,
  fixAt: null,
  contactAt: null,
};

/**
 * Puts the vehicles of a part into a map, on top of what it holds of them.
 * @param {Map<string, LiveVehicle>} vehicles
 * @param {import("./types.js").Part} part
 * @returns {string[]} IMEIs of the part
 */
export function mergePart(vehicles, { registry, positions, asOf }) {
  const known = (/** @type {string} */ imei) => vehicles.get(imei) ?? { ...NOTHING_KNOWN, imei };
  registry.imei.forEach((imei, row) => {
    vehicles.set(imei, {
      ...known(imei),
      name: registry.name[row] ?? null,
      plate: registry.plate[row] ?? null,
      driver: registry.driver[row] ?? null,
      account: registry.account[row] ?? null,
      city: registry.city[row] ?? null,
      segment: registry.segment[row] ?? null,
      vehicleType: registry.vehicleType[row] ?? null,
      model: registry.model[row] ?? null,
    });
  });
  const asOfMs = Date.parse(asOf);
  positions.imei.forEach((imei, row) => {
    vehicles.set(imei, {
      ...known(imei),
      lng: positions.lng[row] ?? null,
      lat: positions.lat[row] ?? null,
      headingDeg: positions.headingDeg[row] ?? null,
      speedKmh: positions.speedKmh[row] ?? null,
      status: positions.status[row] ?? "unknown",
      online: positions.online[row] ?? null,
      ignition: positions.ignition[row] ?? null,
      fixAt: instantOf(positions.fixAgeS[row], asOfMs),
      contactAt: instantOf(positions.contactAgeS[row], asOfMs),
    });
  });
  return [...new Set([...registry.imei, ...positions.imei])];
}

/**
 * The server's instants are whole seconds, and it rounds their distance to `asOf`: rounding again gives them back.
 * @param {number | null | undefined} ageS
 * @param {number} asOfMs
 */
function instantOf(ageS, asOfMs) {
  if (ageS == null) return null;
  const seconds = Math.round(asOfMs / 1000 - ageS);
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}

/** Whether two vehicles say the same. @param {LiveVehicle} a @param {LiveVehicle | undefined} b */
export function isSame(a, b) {
  if (b === undefined) return false;
  const other = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (b));
  return Object.entries(a).every(([name, value]) => other[name] === value);
}
