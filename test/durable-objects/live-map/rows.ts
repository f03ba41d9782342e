import { Fleet } from "../../../durable-objects/live-map/fleet.ts";
import type { FactsPage, PositionFacts, RegistryFacts } from "../../../shared/live/facts.ts";
import { settings } from "../../../shared/settings.ts";

/** A fixed now of the pure tests. */
export const NOW_MS = Date.parse("2026-06-01T08:00:00Z");

/** An instant so many seconds after {@link NOW_MS}, as facts have it. */
export const at = (seconds: number) => new Date(NOW_MS + seconds * 1000).toISOString().replace(".000Z", "Z");

/** The same as a `changedAt`. */
export const changed = (seconds: number) =>
  new Date(NOW_MS + seconds * 1000).toISOString().replace("Z", "000Z");

export const thresholds = {
  movingAboveKmh: settings.movingAboveKmh,
  staleAfterS: settings.staleAfterS,
  silentAfterS: settings.silentAfterS,
};

/** A fleet, and how many versions it has announced. */
export function newFleet(): { fleet: Fleet; announced: () => number } {
  let count = 0;
  const fleet = new Fleet(thresholds, () => {
    count += 1;
  });
  return { fleet, announced: () => count };
}

export function registry(imei: string, changedAt: string, rest: Partial<RegistryFacts> = {}): RegistryFacts {
  return {
    imei,
    changedAt,
    shown: true,
    name: `name ${imei}`,
    plate: null,
    driver: null,
    account: "a",
    city: "Nairobi",
    segment: null,
    vehicleType: null,
    model: null,
    ...rest,
  };
}

export function position(imei: string, changedAt: string, rest: Partial<PositionFacts> = {}): PositionFacts {
  return {
    imei,
    changedAt,
    fixAt: at(-10),
    lat: -1.28,
    lng: 36.82,
    speedKmh: 40,
    headingDeg: 90,
    satellites: 9,
    odometerKm: 1000,
    contactAt: at(-5),
    online: true,
    ignition: true,
    batteryPercent: null,
    externalVoltageV: null,
    ...rest,
  };
}

/** A page that is all there is. */
export function page(
  registries: RegistryFacts[],
  positions: PositionFacts[],
  rest: Partial<FactsPage> = {},
): FactsPage {
  return {
    registries,
    positions,
    readAt: changed(0),
    registryCount: registries.length,
    positionCount: positions.length,
    next: null,
    ...rest,
  };
}
