// Generated from the schemas of /openapi.json by `npm run client:types`; a test compares the two.

export type Readings =
  | {
      kind: "obd";
      readings: {
        at: string;
        imei: string;
        name: string | null;
        plate: string | null;
        /**
         * Who drove at the time
         */
        driver: string | null;
        account: string | null;
        values: {
          /**
           * It had no readable time: `at` is when it came
           */
          undated: boolean;
          engineRpm: number | null;
          /**
           * Of the vehicle's own bus
           */
          speedKmh: number | null;
          /**
           * As sent: percent or litres
           */
          fuelLevel: number | null;
          coolantC: number | null;
          batteryVoltageV: number | null;
          /**
           * As sent: its unit is documented nowhere, km by poll
           */
          odometer: number | null;
          vin: string | null;
          source: "push" | "poll";
        };
      }[];
      /**
       * Send it as `after` for the next page; null at the end
       */
      next: string | null;
    }
  | {
      kind: "fuel";
      readings: {
        at: string;
        imei: string;
        name: string | null;
        plate: string | null;
        /**
         * Who drove at the time
         */
        driver: string | null;
        account: string | null;
        values: {
          /**
           * It had no readable time: `at` is when it came
           */
          undated: boolean;
          /**
           * As sent
           */
          value: number | null;
          /**
           * The vendor's code
           */
          unit: string | null;
          sensor: string | null;
        };
      }[];
      /**
       * Send it as `after` for the next page; null at the end
       */
      next: string | null;
    }
  | {
      kind: "temperature";
      readings: {
        at: string;
        imei: string;
        name: string | null;
        plate: string | null;
        /**
         * Who drove at the time
         */
        driver: string | null;
        account: string | null;
        values: {
          /**
           * It had no readable time: `at` is when it came
           */
          undated: boolean;
          temperatureC: number | null;
          humidityPercent: number | null;
          sensor: string | null;
        };
      }[];
      /**
       * Send it as `after` for the next page; null at the end
       */
      next: string | null;
    }
  | {
      kind: "lbs";
      readings: {
        at: string;
        imei: string;
        name: string | null;
        plate: string | null;
        /**
         * Who drove at the time
         */
        driver: string | null;
        account: string | null;
        /**
         * What a device without a fix could hear
         */
        values: {
          /**
           * LBS or WIFI
           */
          postType: string | null;
          /**
           * Mobile country
           */
          mcc: number | null;
          /**
           * Mobile network
           */
          mnc: number | null;
          /**
           * As sent: lac,ci,rssi, separated by semicolons
           */
          cells: string | null;
        };
      }[];
      /**
       * Send it as `after` for the next page; null at the end
       */
      next: string | null;
    }
  | {
      kind: "heartbeats";
      readings: {
        at: string;
        imei: string;
        name: string | null;
        plate: string | null;
        /**
         * Who drove at the time
         */
        driver: string | null;
        account: string | null;
        values: {
          batteryPercent: number | null;
          gsmPercent: number | null;
          ignition: boolean | null;
          /**
           * Fuel and power are cut
           */
          relayCut: boolean | null;
          hasFix: boolean | null;
          remoteLock: boolean | null;
          charging: boolean | null;
          armed: boolean | null;
          temperatureC: number | null;
          /**
           * As sent
           */
          voltageV: number | null;
        };
      }[];
      /**
       * Send it as `after` for the next page; null at the end
       */
      next: string | null;
    };
export type JobRunWithWindows = JobRun & {
  /**
   * A page of them; none where it has no plan
   */
  windows: {
    /**
     * From 1, oldest span first
     */
    number: number;
    /**
     * Where the vendor wants one
     */
    account: string | null;
    vehicles: number;
    imeis: string[];
    from: string;
    to: string;
    /**
     * null until it has ended
     */
    outcome: "done" | "postponed" | "failed" | "lost" | null;
    /**
     * Vehicles whose span it does not cover
     */
    missing: string[];
    apiCalls: number;
    items: number;
    errorCode: string | null;
    error: string | null;
    /**
     * To the queue
     */
    sentAt: string | null;
    /**
     * From the queue
     */
    takenAt: string | null;
    endedAt: string | null;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
};

/**
 * Every schema by its name.
 */
export interface Answers {
  Health: Health;
  Problem: Problem;
  Readiness: Readiness;
  IngestHealth: IngestHealth;
  LiveFeatureCollection: LiveFeatureCollection;
  LiveThresholds: LiveThresholds;
  LiveProperties: LiveProperties;
  LiveColumns: LiveColumns;
  PositionColumns: PositionColumns;
  RegistryColumns: RegistryColumns;
  StreamUrl: StreamUrl;
  Neighbours: Neighbours;
  Coverage: Coverage;
  VehicleList: VehicleList;
  Vehicle: Vehicle;
  Track: Track;
  TripList: TripList;
  Trip: Trip;
  TripCollection: TripCollection;
  TripDetail: TripDetail;
  Stays: Stays;
  AlarmList: AlarmList;
  Alarm: Alarm;
  AlarmCollection: AlarmCollection;
  DeviceEvents: DeviceEvents;
  DeviceEvent: DeviceEvent;
  Readings: Readings;
  RefreshedVehicle: RefreshedVehicle;
  Jobs: Jobs;
  JobRuns: JobRuns;
  JobRun: JobRun;
  JobRunWithWindows: JobRunWithWindows;
  JobRequested: JobRequested;
  Ledger: Ledger;
  Receipt: Receipt;
  KeptObjects: KeptObjects;
  RejectedItems: RejectedItems;
  KeptRedriven: KeptRedriven;
  KeptRedrive: KeptRedrive;
  RejectedRedriven: RejectedRedriven;
  RejectedRedrive: RejectedRedrive;
  ReplayPiece: ReplayPiece;
}
export interface Health {
  status: "ok";
  environment: string;
  version: string;
}
export interface Problem {
  /**
   * Where the code is described
   */
  type: string;
  title: string;
  status: number;
  /**
   * Stable: programs may switch over it. New ones may come
   */
  code:
    | "invalid_request"
    | "key_required"
    | "key_unknown"
    | "key_expired"
    | "ticket_invalid"
    | "origin_not_allowed"
    | "scope_missing"
    | "not_found"
    | "method_not_allowed"
    | "body_too_large"
    | "uri_too_long"
    | "upgrade_required"
    | "too_many_requests"
    | "internal"
    | "misconfigured"
    | "database_unavailable"
    | "live_map_unavailable"
    | "vendor_unavailable";
  /**
   * For people: what is wrong and what to do
   */
  detail: string;
  /**
   * As in the header X-Request-Id; quote it in a report
   */
  requestId: string;
}
export interface Readiness {
  status: "ready" | "not_ready";
  database: "ok" | "down";
  /**
   * Messages waiting for the writer; null when the queue does not say
   */
  backlog: {
    messages: number;
    bytes: number;
    oldestAgeS: number | null;
  } | null;
}
export interface IngestHealth {
  status: "ok" | "not_ok";
  jobs: {
    job: string;
    status: "ok" | "late" | "failing";
    /**
     * Switched off by a variable: its ticks ask for nothing, and it runs on request only. It is `ok` then
     */
    off: boolean;
    everyS: number;
    lastRunAt: string | null;
    lastSuccessAt: string | null;
    lastSuccessAgeS: number | null;
    rowsReceived: number | null;
    /**
     * Enabled devices the vendor's answer left out
     */
    vehiclesLeftOut: number | null;
    errorCode: string | null;
  }[];
  /**
   * What else is wrong, in words: jobs that the database runs by itself. Data comes in all the same
   */
  degraded: string[];
}
export interface LiveFeatureCollection {
  type: "FeatureCollection";
  /**
   * Opaque; also the ETag, and what a stream resumes from
   */
  version: string;
  /**
   * Since when this version holds
   */
  asOf: string;
  /**
   * Null while the map follows the database; otherwise up to when it did
   */
  behindSince: string | null;
  thresholds: LiveThresholds;
  features: {
    type: "Feature";
    id: string;
    /**
     * Longitude, latitude; null for a vehicle that never had a fix
     */
    geometry: {
      type: "Point";
      /**
       * @minItems 2
       * @maxItems 2
       */
      coordinates: [number, number];
    } | null;
    properties: LiveProperties;
  }[];
}
/**
 * Where the statuses end, for clients that go on judging while they hear nothing
 */
export interface LiveThresholds {
  movingAboveKmh: number;
  staleAfterS: number;
  silentAfterS: number;
}
export interface LiveProperties {
  imei: string;
  /**
   * Device name, free text of the vendor
   */
  name: string | null;
  plate: string | null;
  driver: string | null;
  account: string | null;
  city: string | null;
  segment: string | null;
  vehicleType: string | null;
  model: string | null;
  /**
   * moving: over 3 km/h, fix at most 10 min old. idling: standing, ignition on, heard of within 10 min. parked: ignition off. silent: not heard of for 24 h. unknown: never a fix; or under way or with the ignition on when last seen, more than 10 min ago
   */
  status: "moving" | "idling" | "parked" | "silent" | "unknown";
  online: boolean | null;
  ignition: boolean | null;
  speedKmh: number | null;
  /**
   * Degrees from north
   */
  headingDeg: number | null;
  /**
   * Time of the position
   */
  fixAt: string | null;
  /**
   * Last heartbeat; a parked vehicle's is newer than its fix
   */
  contactAt: string | null;
  satellites: number | null;
  odometerKm: number | null;
  batteryPercent: number | null;
  externalVoltageV: number | null;
}
export interface LiveColumns {
  /**
   * Opaque; also the ETag, and what a stream resumes from
   */
  version: string;
  /**
   * Since when this version holds
   */
  asOf: string;
  /**
   * Null while the map follows the database; otherwise up to when it did
   */
  behindSince: string | null;
  thresholds: LiveThresholds;
  positions: PositionColumns;
  registry?: RegistryColumns;
}
/**
 * One list per column; the n-th values are one vehicle's
 */
export interface PositionColumns {
  imei: string[];
  lng: (number | null)[];
  lat: (number | null)[];
  headingDeg: (number | null)[];
  speedKmh: (number | null)[];
  status: ("moving" | "idling" | "parked" | "silent" | "unknown")[];
  online: (boolean | null)[];
  ignition: (boolean | null)[];
  /**
   * Seconds from the fix to `asOf`
   */
  fixAgeS: (number | null)[];
  /**
   * Seconds from the last heartbeat to `asOf`
   */
  contactAgeS: (number | null)[];
}
export interface RegistryColumns {
  imei: string[];
  name: (string | null)[];
  plate: (string | null)[];
  driver: (string | null)[];
  account: (string | null)[];
  city: (string | null)[];
  segment: (string | null)[];
  vehicleType: (string | null)[];
  model: (string | null)[];
}
export interface StreamUrl {
  /**
   * Open it as a WebSocket; add `&since=<version>` to resume
   */
  url: string;
  /**
   * Until when it opens a stream; an open one goes on
   */
  expiresAt: string;
}
export interface Neighbours {
  /**
   * Opaque; also the ETag, and what a stream resumes from
   */
  version: string;
  /**
   * Since when this version holds
   */
  asOf: string;
  /**
   * Null while the map follows the database; otherwise up to when it did
   */
  behindSince: string | null;
  thresholds: LiveThresholds;
  /**
   * What the ages are counted to
   */
  at: string;
  vehicles: {
    imei: string;
    /**
     * Device name, free text of the vendor
     */
    name: string | null;
    plate: string | null;
    driver: string | null;
    account: string | null;
    city: string | null;
    segment: string | null;
    vehicleType: string | null;
    model: string | null;
    /**
     * moving: over 3 km/h, fix at most 10 min old. idling: standing, ignition on, heard of within 10 min. parked: ignition off. silent: not heard of for 24 h. unknown: never a fix; or under way or with the ignition on when last seen, more than 10 min ago
     */
    status: "moving" | "idling" | "parked" | "silent" | "unknown";
    online: boolean | null;
    ignition: boolean | null;
    speedKmh: number | null;
    /**
     * Degrees from north
     */
    headingDeg: number | null;
    /**
     * Time of the position
     */
    fixAt: string | null;
    /**
     * Last heartbeat; a parked vehicle's is newer than its fix
     */
    contactAt: string | null;
    satellites: number | null;
    odometerKm: number | null;
    batteryPercent: number | null;
    externalVoltageV: number | null;
    lat: number;
    lng: number;
    /**
     * As the crow flies
     */
    distanceM: number;
    fixAgeS: number;
  }[];
}
export interface Coverage {
  /**
   * Whole hours: `from` rounded down
   */
  from: string;
  /**
   * `to` rounded up
   */
  to: string;
  total: {
    /**
     * Vehicles that were under way
     */
    vehicles: number;
    /**
     * Under way: have + recovered + missing, s
     */
    expectedS: number;
    /**
     * With fixes close enough as they came, s
     */
    haveS: number;
    /**
     * Within a gap that was filled later, s
     */
    recoveredS: number;
    /**
     * Moved without fixes, s
     */
    missingS: number;
  };
  /**
   * How many gaps are how far
   */
  gaps: {
    open: number;
    filled: number;
    /**
     * The vendor has none
     */
    none: number;
  };
  vehicles: {
    imei: string;
    name: string | null;
    plate: string | null;
    account: string | null;
    /**
     * Under way: have + recovered + missing, s
     */
    expectedS: number;
    /**
     * With fixes close enough as they came, s
     */
    haveS: number;
    /**
     * Within a gap that was filled later, s
     */
    recoveredS: number;
    /**
     * Moved without fixes, s
     */
    missingS: number;
    /**
     * The newest 100
     */
    gaps: {
      from: string;
      to: string;
      reason: "moved" | "ingest_down" | "contact_only";
      state: "open" | "filled" | "none";
      /**
       * Fixes that came
       */
      points: number | null;
      /**
       * How often the vendor was asked
       */
      tries: number;
    }[];
    /**
     * Hours in which it was under way; null unless asked for
     */
    hours:
      | {
          hour: string;
          haveS: number;
          recoveredS: number;
          missingS: number;
        }[]
      | null;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface VehicleList {
  vehicles: {
    imei: string;
    name: string | null;
    plate: string | null;
    driver: string | null;
    account: string | null;
    city: string | null;
    segment: string | null;
    vehicleType: string | null;
    model: string | null;
    enabled: boolean;
    /**
     * End of the vendor subscription
     */
    expiresAt: string | null;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface Vehicle {
  imei: string;
  name: string | null;
  plate: string | null;
  driver: string | null;
  driverPhone: string | null;
  /**
   * When the vendor first named this driver after another
   */
  driverSince: string | null;
  account: string | null;
  city: string | null;
  segment: string | null;
  vehicleType: string | null;
  model: string | null;
  vehicleName: string | null;
  vehicleBrand: string | null;
  vehicleModel: string | null;
  vin: string | null;
  group: string | null;
  sim: string | null;
  enabled: boolean;
  hiddenOnMap: boolean;
  activatedAt: string | null;
  expiresAt: string | null;
  /**
   * As in /v1/live; null for one that is not shown there
   */
  status: "moving" | "idling" | "parked" | "silent" | "unknown" | null;
  position: {
    lat: number;
    lng: number;
    speedKmh: number | null;
    headingDeg: number | null;
    satellites: number | null;
    posType: string | null;
    odometerKm: number | null;
    fixAt: string;
    receivedAt: string;
  } | null;
  contact: {
    contactAt: string;
    online: boolean | null;
    ignition: boolean | null;
    /**
     * 0 none to 4 very strong
     */
    gsmLevel: number | null;
    batteryPercent: number | null;
    batteryVoltageV: number | null;
    externalVoltageV: number | null;
    temperatureC: number | null;
    /**
     * As sent, may carry a unit
     */
    fuelSensor: string | null;
  } | null;
}
/**
 * Lines, and stops of at least 5 min. A long segment is several lines, each of which begins where the one before ends
 */
export interface Track {
  type: "FeatureCollection";
  features: (
    | {
        type: "Feature";
        geometry: {
          type: "LineString";
          coordinates: [number, number][];
        };
        properties: {
          kind: "line";
          /**
           * From 1, a new one after each gap
           */
          segment: number;
          /**
           * Of each position, in their order
           */
          coordTimes: string[];
          /**
           * The same
           */
          speedsKmh: (number | null)[];
        };
      }
    | {
        type: "Feature";
        geometry: {
          type: "Point";
          /**
           * @minItems 2
           * @maxItems 2
           */
          coordinates: [number, number];
        };
        /**
         * A fix alone between two gaps
         */
        properties: {
          kind: "fix";
          /**
           * From 1, a new one after each gap
           */
          segment: number;
          /**
           * Of each position, in their order
           */
          coordTimes: string[];
          /**
           * The same
           */
          speedsKmh: (number | null)[];
        };
      }
    | {
        type: "Feature";
        geometry: {
          type: "Point";
          /**
           * @minItems 2
           * @maxItems 2
           */
          coordinates: [number, number];
        };
        properties: {
          kind: "stop";
          /**
           * From 1, in the span
           */
          number: number;
          from: string;
          to: string;
          durationS: number;
          /**
           * Address, where one is known
           */
          place: string | null;
        };
      }
  )[];
}
export interface TripList {
  trips: Trip[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface Trip {
  /**
   * As /v1/trips/{id} takes it
   */
  id: string;
  imei: string;
  name: string | null;
  plate: string | null;
  /**
   * Who drove when it began
   */
  driver: string | null;
  account: string | null;
  startAt: string;
  endAt: string;
  durationS: number;
  /**
   * By the vendor
   */
  distanceKm: number | null;
  drivingTimeS: number | null;
  idleTimeS: number | null;
  avgSpeedKmh: number | null;
  maxSpeedKmh: number | null;
  startLat: number | null;
  startLng: number | null;
  startAddress: string | null;
  endLat: number | null;
  endLng: number | null;
  endAddress: string | null;
  fuelL: number | null;
  source: "poll" | "push";
}
export interface TripCollection {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    id: string;
    /**
     * Straight from start to end; with `lines=true` the way, where it is known, open where it is not. Null without places
     */
    geometry:
      | {
          type: "LineString";
          coordinates: [number, number][];
        }
      | {
          type: "MultiLineString";
          coordinates: [number, number][][];
        }
      | null;
    properties: Trip;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface TripDetail {
  trip: Trip;
  /**
   * Its way, open where nothing is known; null without one, and for vehicles that are hidden on maps
   */
  track: {
    type: "MultiLineString";
    coordinates: [number, number][][];
  } | null;
  /**
   * What the vendor left out and the fixes told
   */
  filled: ("start" | "end" | "maxSpeedKmh" | "idleTimeS")[];
  /**
   * When the report came; a later one takes its place
   */
  receivedAt: string;
}
export interface Stays {
  stays: {
    imei: string;
    name: string | null;
    plate: string | null;
    /**
     * Who drove when it began
     */
    driver: string | null;
    account: string | null;
    /**
     * Ignition
     */
    acc: "off" | "on";
    startAt: string;
    /**
     * Null while the vehicle still stands there
     */
    endAt: string | null;
    /**
     * So far, while it has no end
     */
    durationS: number | null;
    /**
     * Up to when the newest report says how it stands
     */
    knownUntil: string;
    lat: number | null;
    lng: number | null;
    address: string | null;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface AlarmList {
  alarms: Alarm[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface Alarm {
  imei: string;
  name: string | null;
  plate: string | null;
  /**
   * Who drove at the time
   */
  driver: string | null;
  account: string | null;
  /**
   * The same for all codes of one event
   */
  code: string;
  /**
   * What it is about; null for a code nobody knows
   */
  class: string | null;
  /**
   * Counts as harsh driving
   */
  harsh: boolean | null;
  alarmName: string | null;
  /**
   * As it came first
   */
  reportedCode: string;
  fenceId: string | null;
  alarmAt: string;
  /**
   * Null where no end was reported
   */
  endedAt: string | null;
  lat: number | null;
  lng: number | null;
  speedKmh: number | null;
  /**
   * 1 or 2, of JT/T codes
   */
  level: number | null;
  /**
   * What was measured, as sent
   */
  value: string | null;
  /**
   * Media, as sent
   */
  files: string | null;
  source: "poll" | "push";
}
export interface AlarmCollection {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    /**
     * Longitude, latitude; null without a place
     */
    geometry: {
      type: "Point";
      /**
       * @minItems 2
       * @maxItems 2
       */
      coordinates: [number, number];
    } | null;
    properties: Alarm;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface DeviceEvents {
  events: DeviceEvent[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface DeviceEvent {
  type: "event" | "fault";
  at: string;
  /**
   * It had no readable time: `at` is when it came
   */
  undated: boolean;
  imei: string;
  name: string | null;
  plate: string | null;
  /**
   * Who drove at the time
   */
  driver: string | null;
  account: string | null;
  /**
   * Null for a fault, as all up to `lng`
   */
  kind: string | null;
  /**
   * What happened, like LOGIN
   */
  eventType: string | null;
  /**
   * Of a camera or of data
   */
  channel: string | null;
  /**
   * As sent
   */
  files: string | null;
  /**
   * Command that this answers
   */
  instructionId: string | null;
  outcome: string | null;
  card: string | null;
  mac: string | null;
  /**
   * As sent, its first 500 characters
   */
  content: string | null;
  lat: number | null;
  lng: number | null;
  /**
   * Like P0301
   */
  faultCode: string | null;
  faultDetail: string | null;
}
export interface RefreshedVehicle {
  imei: string;
  /**
   * What became of it: /v1/receipts/{id}; null where the vendor has nothing
   */
  receipt: string | null;
  /**
   * null where the device has no fix, or one that cannot be believed
   */
  position: {
    lat: number;
    lng: number;
    speedKmh: number | null;
    /**
     * Degrees from north
     */
    headingDeg: number | null;
    fixAt: string;
    contactAt: string | null;
    ignition: boolean | null;
    online: boolean | null;
  } | null;
}
export interface Jobs {
  jobs: {
    job: string;
    /**
     * When it runs, UTC
     */
    cron: string;
    everyS: number;
    /**
     * failing: its newest run failed. late: no success for 2.5 periods
     */
    status: "ok" | "late" | "failing";
    /**
     * Switched off by a variable: its ticks ask for nothing, and it runs on request only. It is `ok` then
     */
    off: boolean;
    lastRunAt: string | null;
    lastSuccessAt: string | null;
    nextDueAt: string;
    /**
     * Of its newest run
     */
    errorCode: string | null;
    /**
     * The same in words
     */
    error: string | null;
    /**
     * Asks for spans of the past, and may be asked for one; null and empty below where not
     */
    windowed: boolean;
    coverage: {
      /**
       * Enabled ones that were asked for
       */
      vehicles: number;
      /**
       * Enabled ones that were not
       */
      neverAsked: number;
      /**
       * Of them all, everything up to then was asked for
       */
      oldestTo: string | null;
      newestTo: string | null;
    } | null;
    depth: {
      /**
       * Windows that wait for their turn
       */
      waiting: number;
      /**
       * Windows that nobody has taken from the queue yet
       */
      withQueue: number;
      /**
       * Windows that are asked for now
       */
      underWay: number;
    } | null;
    /**
     * Runs with windows that have not ended, the oldest 20
     */
    openRuns: {
      id: string;
      /**
       * gaps: holes that were found. second_look: what may have come late, asked again at night
       */
      cause: "tick" | "request" | "gaps" | "second_look";
      plannedAt: string;
      vehicles: number;
      windows: number;
      windowsLeft: number;
    }[];
  }[];
}
export interface JobRuns {
  runs: JobRun[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface JobRun {
  /**
   * Receipt of what it brought: /v1/receipts/{id}
   */
  id: string;
  runAt: string;
  /**
   * null while it goes on
   */
  durationMs: number | null;
  /**
   * Whether it did all it set out to do; null while it goes on
   */
  success: boolean | null;
  /**
   * Calls of Tracksolid, retries included
   */
  apiCalls: number;
  rowsReceived: number;
  /**
   * Enabled devices the vendor's answer left out
   */
  vehiclesLeftOut: number | null;
  errorCode: string | null;
  error: string | null;
  /**
   * Of a run that is cut into windows: some vehicles and a span each
   */
  plan: {
    /**
     * gaps: holes that were found. second_look: what may have come late, asked again at night
     */
    cause: "tick" | "request" | "gaps" | "second_look";
    vehicles: number;
    from: string | null;
    to: string | null;
    windows: number;
    /**
     * Not ended yet
     */
    windowsLeft: number;
    done: number;
    /**
     * Could not be asked then, wholly or in part
     */
    postponed: number;
    failed: number;
    /**
     * Nothing was heard of them for too long
     */
    lost: number;
  } | null;
}
export interface JobRequested {
  job: string;
  /**
   * The run; none where there is nothing to ask
   */
  id?: string;
  /**
   * What is asked for one by one
   */
  windows?: number;
  vehicles?: number;
  /**
   * What the vendor's reach leaves of the span
   */
  from?: string;
  to?: string;
}
export interface Ledger {
  from: string;
  to: string;
  /**
   * Everything received is accounted for
   */
  balanced: boolean;
  /**
   * What was sent to the writer, by the senders' own numbers
   */
  received: {
    messages: number;
    items: number;
  };
  delivered: {
    messages: number;
    /**
     * Items that changed a row
     */
    written: number;
    /**
     * Items that brought nothing new
     */
    duplicate: number;
    /**
     * Items that could not become records: /v1/rejected
     */
    rejected: number;
  };
  /**
   * Kept until they can be written: /v1/parked
   */
  parked: {
    messages: number;
    items: number;
  };
  /**
   * Kept because they cannot: /v1/dead-letters
   */
  dead: {
    messages: number;
    items: number;
  };
  /**
   * Under way
   */
  pending: {
    messages: number;
    items: number;
  };
  /**
   * Must exist and are nowhere. Of a sender whose count is unknown, items may be missing here
   */
  missing: {
    messages: number;
    items: number;
  };
  kinds: {
    kind: string;
    messages: number;
    items: number;
    written: number;
    duplicate: number;
    rejected: number;
  }[];
  /**
   * The first 20 stretches of numbers that are missing, oldest first
   */
  gaps: {
    producer: string;
    from: number;
    to: number;
    provenAt: string;
  }[];
}
export interface Receipt {
  receipt: string;
  /**
   * False where so much was kept at that time that not all of it was looked through
   */
  complete: boolean;
  messages: {
    kind: string;
    account: string | null;
    /**
     * From 1
     */
    part: number;
    parts: number;
    state: "delivered" | "parked" | "dead" | "pending";
    receivedAt: string | null;
    deliveredAt: string | null;
    deliveries: number;
    /**
     * Empty while the message is pending
     */
    items: {
      /**
       * From 0
       */
      number: number;
      outcome: "written" | "duplicate" | "rejected" | "parked" | "dead";
      reason: string | null;
      detail: string | null;
    }[];
  }[];
}
export interface KeptObjects {
  objects: {
    id: string;
    reason: string;
    /**
     * What the database said, where it said something
     */
    error: string;
    messages: number;
    items: number;
    kinds: string[];
    /**
     * When the oldest was received
     */
    from: string | null;
    /**
     * When the newest was received
     */
    to: string | null;
    keptAt: string;
    /**
     * Compressed
     */
    bytes: number;
  }[];
  /**
   * Send it as `after` for the next page, which may be empty; null at the end
   */
  next: string | null;
}
export interface RejectedItems {
  items: {
    id: string;
    reason: string;
    detail: string;
    imei: string | null;
    kind: string;
    account: string | null;
    receivedAt: string;
    redrivenAt: string | null;
    /**
     * As it was sent, JSON text
     */
    item: string;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface KeptRedriven {
  /**
   * Messages that were written
   */
  messages: number;
  /**
   * Messages that this version cannot read, or that the database refused again
   */
  stillHeld: number;
  /**
   * There are more: ask again, with `next`
   */
  remaining: boolean;
  /**
   * Send it as `after` to go on where this call ended
   */
  next: string | null;
}
export interface KeptRedrive {
  /**
   * Why they are kept
   */
  reason?: string;
  /**
   * Objects that hold such messages
   */
  kind?: string;
  /**
   * Objects that hold something received since
   */
  from?: string;
  /**
   * Objects that hold something received before
   */
  to?: string;
  /**
   * These alone, by their `id`; other filters then say nothing
   *
   * @minItems 1
   * @maxItems 100
   */
  ids?: [string, ...string[]];
  /**
   * `next` of the answer before
   */
  after?: string;
}
export interface RejectedRedriven {
  /**
   * Items that became records
   */
  items: number;
  rejectedAgain: number;
  /**
   * There are more: ask again, with `next`
   */
  remaining: boolean;
  /**
   * Send it as `after` to go on where this call ended
   */
  next: string | null;
}
export interface RejectedRedrive {
  reason?: string;
  kind?: string;
  imei?: string;
  /**
   * Received since
   */
  from?: string;
  /**
   * Received before
   */
  to?: string;
  /**
   * These alone, by their `id`; other filters then say nothing
   *
   * @minItems 1
   * @maxItems 100
   */
  ids?: [string, ...string[]];
  /**
   * `next` of the answer before
   */
  after?: string;
}
export interface ReplayPiece {
  /**
   * Messages in the piece
   */
  messages: number;
  items: number;
  /**
   * What became, or would become, of the rows that the messages tell
   */
  tables: {
    table: string;
    inserted: number;
    changed: number;
    unchanged: number;
  }[];
  /**
   * What could not be read; the next piece may meet the same again
   */
  skipped: {
    /**
     * Object in R2
     */
    key: string;
    reason:
      | "foreign_key"
      | "too_large"
      | "unreadable_object"
      | "unreadable_message"
      | "unknown_version"
      | "unknown_kind"
      | "wrong_hour"
      | "item_missing";
    /**
     * null: the whole object
     */
    messages: number | null;
  }[];
  /**
   * When the last message of the piece was received
   */
  reachedAt: string | null;
  /**
   * For the next piece; null when all is played
   */
  cursor: string | null;
}
