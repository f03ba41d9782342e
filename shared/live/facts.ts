/** What the registry says of a vehicle: `tracksolid.registry_facts`. */
export interface RegistryFacts {
  imei: string;
  /** When the row last changed, microseconds, UTC: the newer of two rows wins. */
  changedAt: string;
  /** Enabled and not hidden. */
  shown: boolean;
  name: string | null;
  plate: string | null;
  driver: string | null;
  account: string | null;
  city: string | null;
  segment: string | null;
  vehicleType: string | null;
  model: string | null;
}

/** Where a vehicle is and how it does: `tracksolid.position_facts`. */
export interface PositionFacts {
  imei: string;
  /** As in {@link RegistryFacts}. */
  changedAt: string;
  /** UTC, seconds. */
  fixAt: string | null;
  lat: number | null;
  lng: number | null;
  speedKmh: number | null;
  headingDeg: number | null;
  satellites: number | null;
  odometerKm: number | null;
  /** UTC, seconds. */
  contactAt: string | null;
  online: boolean | null;
  ignition: boolean | null;
  batteryPercent: number | null;
  externalVoltageV: number | null;
}

/** Rows of the two tables that the live map mirrors. */
export interface Facts {
  registries: RegistryFacts[];
  positions: PositionFacts[];
}

/** What a batch changed that those who follow the fleet want to know. */
export interface Hint extends Facts {
  /** Alarms that began or ended. */
  alarms: number;
}

/** A page of the two tables, in the order of IMEIs. */
export interface FactsPage extends Facts {
  /** Clock of the database when the page was read, UTC: what was committed before it is in the page. */
  readAt: string;
  /** Rows in the whole tables: what was deleted shows only here. */
  registryCount: number;
  positionCount: number;
  /** Last IMEI of the page, or null when nothing follows it. */
  next: string | null;
}
