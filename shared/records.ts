/** What the writer stores. Instants are ISO 8601 UTC text, units are at the end of the names. */

/** Where a fix came from. The order is the order of trust: a later one is the better witness. */
export const FIX_SOURCES = { poll: 1, push: 2, track_list: 4 } as const;
export type FixSource = keyof typeof FIX_SOURCES;

/** A position at a moment: one row of `position_history`. */
export interface Fix {
  imei: string;
  gpsTime: string;
  lat: number;
  lng: number;
  speedKmh: number | null;
  headingDeg: number | null;
  altitudeM: number | null;
  satellites: number | null;
  posType: string | null;
  confidence: number | null;
  ignition: boolean | null;
  odometerKm: number | null;
  retransmitted: boolean | null;
  clockAhead: boolean;
  source: FixSource;
  sources: number;
  receivedAt: string;
}

/** That a device was heard of, and what it said of itself: the contact columns of `live_positions`. */
export interface Contact {
  imei: string;
  contactAt: string;
  receivedAt: string;
  online: boolean | null;
  ignition: boolean | null;
  gsmLevel: number | null;
  batteryPercent: number | null;
  batteryVoltageV: number | null;
  externalVoltageV: number | null;
  temperatureC: number | null;
  fuelSensor: string | null;
}

/** What an answer says about a device: columns of `devices`. Null is "not said", never "empty it". */
export interface DeviceFacts {
  imei: string;
  seenAt: string;
  /** The account that was asked. */
  listedIn: string | null;
  /** The owner, where the answer names it. */
  account: string | null;
  listedAt: string | null;
  detailedAt: string | null;
  deviceName: string | null;
  model: string | null;
  useScope: string | null;
  sim: string | null;
  iccid: string | null;
  imsi: string | null;
  remark: string | null;
  vehicleName: string | null;
  vehicleIcon: string | null;
  vehicleModel: string | null;
  vehicleBrand: string | null;
  plate: string | null;
  vin: string | null;
  frameNumber: string | null;
  engineNumber: string | null;
  driverName: string | null;
  driverPhone: string | null;
  groupId: string | null;
  groupName: string | null;
  customerName: string | null;
  fuelLPer100Km: number | null;
  odometerKm: number | null;
  activatedAt: string | null;
  expiresAt: string | null;
  importedAt: string | null;
  vendorEnabled: boolean | null;
}

/** Why an item, or a part of it, could not become a record. */
export type RejectionReason =
  | "not_an_object"
  | "imei_missing"
  | "time_unreadable"
  | "time_out_of_range"
  | "position_out_of_range"
  | "record_malformed"
  | "refused_by_database";

export interface Rejection {
  reason: RejectionReason;
  detail: string;
}

/** Everything one item of the vendor turned into. A broken part does not take the good ones with it. */
export interface ParsedItem {
  imei: string | null;
  fix?: Fix;
  contact?: Contact;
  device?: DeviceFacts;
  rejection?: Rejection;
}
