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
  | "parser_failed"
  | "refused_by_database";

export interface Rejection {
  reason: RejectionReason;
  detail: string;
}

/** What every row of a push has. */
interface HashedRow {
  /** Device, time and content as text: what the statements name a row by when they say that they wrote it. */
  key: string;
  imei: string;
  at: string;
  /** MD5 of the content. */
  hash: string;
  /** The item as JSON text. */
  raw: string;
  receivedAt: string;
}

/** The same, of an item that may have no readable time: it then has that of its receipt. */
interface DatedRow extends HashedRow {
  undated: boolean;
}

/** An alarm's place among the alarms: its code as sent, with its list; equal codes meet in the database. */
interface AlarmIdentity extends HashedRow {
  code: string;
  /** "" where no fence is concerned. */
  fenceId: string;
  source: "poll" | "push";
}

export interface AlarmRow extends AlarmIdentity {
  alarmType: string;
  alarmName: string | null;
  lat: number | null;
  lng: number | null;
  speedKmh: number | null;
  msgClass: number | null;
  level: number | null;
  alertValue: string | null;
  fileNames: string | null;
  sources: number;
}

export type AlarmEndRow = AlarmIdentity;

/** `at` is its start. */
export interface TripRow extends HashedRow {
  endAt: string;
  distanceKm: number | null;
  drivingTimeS: number | null;
  idleTimeS: number | null;
  avgSpeedKmh: number | null;
  maxSpeedKmh: number | null;
  startLat: number | null;
  startLng: number | null;
  endLat: number | null;
  endLng: number | null;
  fuelL: number | null;
  source: "poll" | "push";
}

/** A stay; `at` is its start. */
export interface ParkingRow extends HashedRow {
  acc: "off" | "on";
  /** Null while it lasts. */
  endAt: string | null;
  durationS: number | null;
  lat: number | null;
  lng: number | null;
  address: string | null;
  source: "poll";
}

export interface ObdRow extends DatedRow {
  engineRpm: number | null;
  speedKmh: number | null;
  fuelLevel: number | null;
  coolantC: number | null;
  batteryVoltageV: number | null;
  odometer: number | null;
  vin: string | null;
  source: "poll" | "push";
}

export interface FaultCodeRow extends DatedRow {
  faultCode: string | null;
  faultDetail: string | null;
  source: "poll" | "push";
}

export interface FuelRow extends DatedRow {
  value: number | null;
  unit: string | null;
  sensor: string | null;
}

export interface TemperatureRow extends DatedRow {
  temperatureC: number | null;
  humidityPercent: number | null;
  sensor: string | null;
}

export interface LbsRow extends HashedRow {
  postType: string | null;
  mcc: number | null;
  mnc: number | null;
  cells: string | null;
}

export interface HeartbeatRow extends HashedRow {
  batteryPercent: number | null;
  gsmPercent: number | null;
  ignition: boolean | null;
  relayCut: boolean | null;
  hasFix: boolean | null;
  remoteLock: boolean | null;
  charging: boolean | null;
  armed: boolean | null;
  temperatureC: number | null;
  voltageV: number | null;
}

export interface DeviceEventRow extends DatedRow {
  kind: string;
  eventType: string;
  path: string | null;
  channel: string | null;
  fileNames: string | null;
  instructionId: string | null;
  outcome: string | null;
  card: string | null;
  mac: string | null;
  content: string | null;
  lat: number | null;
  lng: number | null;
}

/** That the vendor named the driver of a vehicle. */
export interface DriverSighting {
  /** Device and time: the statement names a row by it when it says that it wrote it. */
  key: string;
  imei: string;
  at: string;
  driverName: string;
  driverPhone: string | null;
  source: "device" | "device_detail";
}

/** That an account was listed below another. */
export interface AccountRow {
  /** Account and time: the statement names a row by it when it says that it wrote it. */
  key: string;
  account: string;
  parent: string;
  name: string | null;
  type: number | null;
  enabled: boolean | null;
  at: string;
}

/** That a device group was listed. */
export interface DeviceGroupRow {
  /** Group and time, likewise. */
  key: string;
  groupId: string;
  account: string | null;
  name: string;
  at: string;
}

/** What items tell beyond fixes, contacts and the registry, by the table it goes to. */
export interface FactRows {
  alarms: AlarmRow[];
  alarmEnds: AlarmEndRow[];
  trips: TripRow[];
  parkingEvents: ParkingRow[];
  obdReadings: ObdRow[];
  faultCodes: FaultCodeRow[];
  fuelReadings: FuelRow[];
  temperatureReadings: TemperatureRow[];
  lbsReadings: LbsRow[];
  heartbeats: HeartbeatRow[];
  deviceEvents: DeviceEventRow[];
  driverSightings: DriverSighting[];
  accounts: AccountRow[];
  deviceGroups: DeviceGroupRow[];
}

/** A cell whose address is wanted, with the newest place in it. */
export interface WantedCell {
  /** As `tracksolid.cell_of` names it. */
  cell: string;
  lat: number;
  lng: number;
  /** When a vehicle was there, ms. */
  atMs: number;
}

/** Everything one item of the vendor turned into. A broken part does not take the good ones with it. */
export interface ParsedItem {
  imei: string | null;
  fix?: Fix;
  contact?: Contact;
  device?: DeviceFacts;
  facts?: Partial<FactRows>;
  rejection?: Rejection;
}
