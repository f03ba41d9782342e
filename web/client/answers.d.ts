// Generated from the schemas of /openapi.json by `npm run client:types`; a test compares the two.

/**
 * What somebody said of it, or of its like
 */
export type InsightRemark = {
  id: string;
  insightId: string;
  verdict: "confirmed" | "explained" | "wrong";
  note: string;
  /**
   * Last day of an explanation of more than one insight
   */
  until: string | null;
  appliesTo: "this" | "subject-and-kind";
  /**
   * Id of the key that wrote it
   */
  by: string;
  at: string;
} | null;
export type Utilisation = {
  vehicles: number;
  vehicleDays: number;
  /**
   * Days on which their seconds rest
   */
  knownVehicleDays: number;
  /**
   * Days on which they moved
   */
  usedVehicleDays: number | null;
  movingS: number | null;
  idlingS: number | null;
  parkedS: number | null;
  /**
   * The rest of all days; null by driver
   */
  unknownS: number | null;
  /**
   * Of what is known, 0 to 1
   */
  movingShare: number | null;
  /**
   * Of what is known, 0 to 1
   */
  idlingShare: number | null;
  /**
   * Of what is known, 0 to 1
   */
  parkedShare: number | null;
  distanceKm: number | null;
  /**
   * Days whose distance is known
   */
  distanceVehicleDays: number;
  trips: number | null;
  /**
   * Days whose trips are known
   */
  tripsVehicleDays: number;
  firstMovingAt: string | null;
  lastMovingAt: string | null;
  maxSpeedKmh: number | null;
} | null;
export type DriverBehaviour = {
  vehicles: number;
  /**
   * Days of a driver with a vehicle
   */
  driverDays: number;
  /**
   * Days on which the seconds rest
   */
  knownDriverDays: number;
  distanceKm: number | null;
  /**
   * Days whose distance is known
   */
  distanceDriverDays: number;
  movingS: number | null;
  idlingS: number | null;
  /**
   * idling ÷ (moving + idling), 0 to 1
   */
  idlingShare: number | null;
  trips: number;
  alarms: number;
  speedingEvents: number;
  harshEvents: number;
  /**
   * Of days whose distance is known; null without one
   */
  speedingPer100Km: number | null;
  /**
   * Of days whose distance is known; null without one
   */
  harshPer100Km: number | null;
  maxSpeedKmh: number | null;
  /**
   * 100 − 5 × speedingPer100Km − 2.5 × harshPer100Km, 0 at least; null below 20 km
   */
  score: number | null;
  /**
   * 1 is the highest score of all that match; equal ones share it
   */
  rank: number | null;
} | null;
export type Distance = {
  vehicleDays: number;
  knownVehicleDays: number;
  distanceKm: number | null;
  /**
   * Where the distance that counts is known from: they add up to it
   */
  bySource: {
    /**
     * By odometers
     */
    odometer: {
      distanceKm: number | null;
      vehicleDays: number;
    };
    /**
     * By the vendor's trips
     */
    vendor: {
      distanceKm: number | null;
      vehicleDays: number;
    };
    /**
     * From fix to fix
     */
    gps: {
      distanceKm: number | null;
      vehicleDays: number;
    };
  };
} | null;
export type Fuel = {
  vehicleDays: number;
  distanceKm: number | null;
  /**
   * By the vendor's trips, l; not known by driver
   */
  reportedL: number | null;
  /**
   * Days on which that rests
   */
  reportedVehicleDays: number;
  /**
   * On days on which litres and distance are known
   */
  reportedLPer100Km: number | null;
  /**
   * Distance by consumption, l; never added to the reported
   */
  estimatedL: number | null;
  estimatedVehicleDays: number;
  /**
   * With a confidence of 0.5 or more; null where no level was told in the period
   */
  refills: number | null;
  /**
   * Of those whose litres are known
   */
  refilledL: number | null;
  /**
   * With a confidence of 0.5 or more; null where no level was told in the period
   */
  drains: number | null;
  /**
   * Of those whose litres are known
   */
  drainedL: number | null;
  /**
   * Fuel fills as they were written down at the pump
   */
  fills: number;
  filledL: number | null;
  /**
   * By currency; empty without a price
   */
  costs: {
    currency: string;
    /**
     * Reported litres at the price of the day
     */
    reported: number | null;
    /**
     * Estimated litres at the price of the day
     */
    estimated: number | null;
    /**
     * Paid at the pump
     */
    filled: number | null;
  }[];
} | null;
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
/**
 * GeoJSON (RFC 7946), longitude first: a polygon with its holes, several, or the centre of a circle. At most 20,000 positions
 */
export type GeofenceGeometry =
  | {
      type: "Polygon";
      coordinates: [number, number] | [number, number, number] | [number, number, number, number][][];
    }
  | {
      type: "MultiPolygon";
      coordinates: [number, number] | [number, number, number] | [number, number, number, number][][][];
    }
  | {
      type: "Point";
      /**
       * @minItems 2
       * @maxItems 4
       */
      coordinates: [number, number] | [number, number, number] | [number, number, number, number];
    };
/**
 * Whether its vehicle was there between opened and resolved, or now. null of one that lasted over 31 days, unless it is asked for by its number; of one without a time, or yet to be opened; and in GeoJSON where the vehicle is left out of maps
 */
export type TicketVisit = {
  /**
   * passed: within the visit distance, shorter than the visit time. no_fixes: nobody knows where it was. no_vehicle: assigned to none, or its driver had none. no_position: the ticket has no place. no_time: resolved before it was opened
   */
  outcome: "visited" | "passed" | "elsewhere" | "no_fixes" | "no_vehicle" | "no_position" | "no_time";
  /**
   * null where that cannot be said
   */
  visited: boolean | null;
  /**
   * How sure a visit is, 0 to 1: 1 it stood there under our eyes, 0.5 it crept there, 0.25 all of it lies in gaps
   */
  confidence: number | null;
  /**
   * The vehicle it was assigned to; of several the one that was there longest
   */
  imei: string | null;
  name: string | null;
  plate: string | null;
  /**
   * The ticket names the vehicle; or its driver, who had it then
   */
  assignedBy: "imei" | "driver" | null;
  /**
   * Beginning of the longest stay within the visit distance
   */
  arrivedAt: string | null;
  /**
   * Its end, as far as it is known
   */
  leftAt: string | null;
  /**
   * How long it was; gaps within are in it
   */
  durationS: number | null;
  /**
   * Of it standing
   */
  stoodS: number | null;
  /**
   * Of it in gaps after moving: it may have left and come back
   */
  unseenS: number | null;
  longestGapS: number | null;
  hasGap: boolean | null;
  /**
   * Fixes of the stay
   */
  fixes: number | null;
  /**
   * How near it came, m; null beyond 1 km, unless set otherwise
   */
  nearestM: number | null;
  /**
   * A visit began before it was due; null without one, or without a due time
   */
  arrivedInTime: boolean | null;
} | null;
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
  Session: Session;
  LiveFeatureCollection: LiveFeatureCollection;
  LiveThresholds: LiveThresholds;
  LiveProperties: LiveProperties;
  LiveColumns: LiveColumns;
  PositionColumns: PositionColumns;
  RegistryColumns: RegistryColumns;
  StreamUrl: StreamUrl;
  Neighbours: Neighbours;
  Coverage: Coverage;
  CoverageGrid: CoverageGrid;
  ChangeList: ChangeList;
  DailyInsights: DailyInsights;
  InsightRemark: InsightRemark;
  InsightRemarks: InsightRemarks;
  InsightEvaluation: InsightEvaluation;
  VehicleList: VehicleList;
  Vehicle: Vehicle;
  MapFilters: MapFilters;
  FleetSummary: FleetSummary;
  ComparedFigure: ComparedFigure;
  UtilisationList: UtilisationList;
  Utilisation: Utilisation;
  DriverBehaviourList: DriverBehaviourList;
  DriverBehaviour: DriverBehaviour;
  DriverClock: DriverClock;
  DistanceDaily: DistanceDaily;
  Distance: Distance;
  AlarmCounts: AlarmCounts;
  FuelList: FuelList;
  Fuel: Fuel;
  AnalyticsFilters: AnalyticsFilters;
  Track: Track;
  Activity: Activity;
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
  VendorDevices: VendorDevices;
  VendorDevice: VendorDevice;
  GeofenceList: GeofenceList;
  Geofence: Geofence;
  GeofenceGeometry: GeofenceGeometry;
  GeofenceCollection: GeofenceCollection;
  GeofenceBody: GeofenceBody;
  GeofenceRemoved: GeofenceRemoved;
  GeofenceVisits: GeofenceVisits;
  TicketList: TicketList;
  Ticket: Ticket;
  TicketVisit: TicketVisit;
  TicketNeighbour: TicketNeighbour;
  TicketCollection: TicketCollection;
  TicketsWritten: TicketsWritten;
  TicketBody: TicketBody;
  TicketsBody: TicketsBody;
  Jobs: Jobs;
  JobHours: JobHours;
  JobRuns: JobRuns;
  JobRun: JobRun;
  JobRunWithWindows: JobRunWithWindows;
  JobRequested: JobRequested;
  Ledger: Ledger;
  Receipt: Receipt;
  Pushes: Pushes;
  KeptObjects: KeptObjects;
  RejectedItems: RejectedItems;
  RejectedReasons: RejectedReasons;
  KeptRedriven: KeptRedriven;
  KeptRedrive: KeptRedrive;
  RejectedRedriven: RejectedRedriven;
  RejectedRedrive: RejectedRedrive;
  ReplayPiece: ReplayPiece;
  Audit: Audit;
  Metrics: Metrics;
  Alerts: Alerts;
  AlertsTest: AlertsTest;
  ServiceLevel: ServiceLevel;
}
export interface Health {
  status: "ok";
  environment: string;
  /**
   * A reader reads a database that another environment owns: nothing is polled, pushed or written here
   */
  mode: "owner" | "reader";
  version: string;
  /**
   * What is configured and should not stay so. old_paths_open: the earlier system's paths are read without a key by whoever says that a page of theirs asks
   */
  warnings: "old_paths_open"[];
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
    | "version_unknown"
    | "conflict"
    | "belongs_elsewhere"
    | "changed_meanwhile"
    | "body_too_large"
    | "uri_too_long"
    | "upgrade_required"
    | "too_many_requests"
    | "internal"
    | "misconfigured"
    | "not_here"
    | "database_unavailable"
    | "sign_in_unavailable"
    | "live_map_unavailable"
    | "base_map_unavailable"
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
export interface Session {
  caller: {
    /**
     * pk and sk: a key. person: came through Cloudflare Access. anonymous: reads are open here
     */
    kind: "anonymous" | "pk" | "sk" | "person";
    id: string;
    /**
     * Whose key it is, as whoever made it wrote; not told of a publishable one
     */
    label: string | null;
    /**
     * Of a person
     */
    email: string | null;
  };
  /**
   * What the caller may do here; where `mode` is reader that is `read` at most
   */
  scopes: ("read" | "admin" | "geofences:write" | "tickets:write" | "insights:write")[];
  /**
   * When the key ends; null: not by itself
   */
  expiresAt: string | null;
  environment: string;
  /**
   * A reader changes nothing, whatever the key
   */
  mode: "owner" | "reader";
  version: string;
  /**
   * In which the fleet's days are counted, IANA name; null: the database does not answer, and has not since this was started. Ask again
   */
  timeZone: string | null;
  map: {
    /**
     * Of a MapLibre style, where one is configured
     */
    styleUrl: string | null;
    /**
     * The map in R2; null where none is configured, or it cannot be read now
     */
    base: {
      tiles: string;
      minZoom: number;
      maxZoom: number;
      /**
       * West, south, east, north
       */
      bounds: number[];
      /**
       * To be shown, as text
       */
      attribution: string | null;
      /**
       * What its tiles hold
       */
      layers: string[];
    } | null;
    /**
     * The roads that the fleet drove: a map where there is no other
     */
    tracks: {
      tiles: string;
      minZoom: number;
      maxZoom: number;
    };
  };
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
export interface CoverageGrid {
  /**
   * Whole hours: `from` rounded down
   */
  from: string;
  /**
   * `to` rounded up
   */
  to: string;
  by: "hour" | "day";
  /**
   * Those that miss most first; enabled ones, and others of which there is something
   */
  vehicles: {
    imei: string[];
    name: (string | null)[];
    plate: (string | null)[];
    account: (string | null)[];
    city: (string | null)[];
    gapsOpen: number[];
    gapsFilled: number[];
    gapsNone: number[];
  };
  /**
   * In which a vehicle was under way; what `/v1/coverage` says of them, s
   */
  cells: {
    /**
     * Its place in `vehicles`, from 0
     */
    vehicle: number[];
    /**
     * Hours from `from`, or days of the fleet's zone from its day
     */
    place: number[];
    haveS: number[];
    recoveredS: number[];
    missingS: number[];
  };
  /**
   * Vehicles beyond 20000
   */
  leftOut: number;
}
export interface ChangeList {
  changes: {
    imei: string;
    /**
     * Day in the fleet's zone
     */
    day: string;
    version: number;
    /**
     * Null where nothing is known of the day
     */
    summary: {
      distanceKm: number | null;
      distanceSource: "odometer" | "vendor" | "gps" | null;
      movingS: number;
      idlingS: number;
      parkedS: number;
      unknownS: number;
      trips: number;
      alarms: number;
      fixes: number;
      maxSpeedKmh: number | null;
      firstMovingAt: string | null;
      lastMovingAt: string | null;
      fuelL: number | null;
    } | null;
    /**
     * That began on the day, as all below
     */
    trips: {
      startAt: string;
      endAt: string;
      driver: string | null;
      distanceKm: number | null;
      drivingS: number | null;
      idleS: number | null;
      maxSpeedKmh: number | null;
      startLat: number | null;
      startLng: number | null;
      startAddress: string | null;
      endLat: number | null;
      endLng: number | null;
      endAddress: string | null;
      fuelL: number | null;
    }[];
    stays: {
      startAt: string;
      endAt: string | null;
      /**
       * off: parked, on: idling
       */
      acc: "off" | "on";
      durationS: number | null;
      lat: number | null;
      lng: number | null;
      address: string | null;
    }[];
    alarms: {
      at: string;
      endedAt: string | null;
      code: string;
      name: string | null;
      fenceId: string | null;
      lat: number | null;
      lng: number | null;
      speedKmh: number | null;
    }[];
    visits: {
      geofenceId: number;
      geofence: string;
      enteredAt: string;
      leftAt: string | null;
      insideS: number;
    }[];
  }[];
  /**
   * Send it as `fromVersion` the next time
   */
  toVersion: number;
  /**
   * Ask again at once
   */
  more: boolean;
}
export interface DailyInsights {
  day: string;
  /**
   * Made for this answer: the day goes on, or is not kept yet
   */
  preliminary: boolean;
  /**
   * When they were made
   */
  asOf: string;
  /**
   * Of all pages; those that are explained by themselves
   */
  counts: {
    high: number;
    medium: number;
    low: number;
    explained: number;
  };
  insights: {
    /**
     * Day, kind and a hash of the subject: the same fact has the same id
     */
    id: string;
    /**
     * What it is about: docs/insights.md has the rules. New ones may come
     */
    kind:
      | "silent"
      | "outside_city"
      | "account_changed"
      | "idling"
      | "after_hours"
      | "late_start"
      | "fuel_drain"
      | "service_due"
      | "ticket_unvisited";
    subject: {
      type: "vehicle" | "driver" | "ticket";
      /**
       * IMEI, name of the driver, or kind and number of the ticket
       */
      id: string;
      /**
       * What people call it
       */
      name: string;
    };
    /**
     * The vehicle concerned
     */
    imei: string | null;
    /**
     * Who drove at the time
     */
    driver: string | null;
    severity: "low" | "medium" | "high";
    title: string;
    /**
     * Figures, and the threshold with where it comes from
     */
    why: string;
    /**
     * The figures; units are at the end of their names
     */
    evidence: {
      [k: string]: unknown;
    };
    /**
     * Paths of this API that show them
     */
    links: string[];
    remark: InsightRemark;
  }[];
  /**
   * Those that somebody explained or called wrong, with the remark; they come last
   */
  explained: {
    /**
     * Day, kind and a hash of the subject: the same fact has the same id
     */
    id: string;
    /**
     * What it is about: docs/insights.md has the rules. New ones may come
     */
    kind:
      | "silent"
      | "outside_city"
      | "account_changed"
      | "idling"
      | "after_hours"
      | "late_start"
      | "fuel_drain"
      | "service_due"
      | "ticket_unvisited";
    subject: {
      type: "vehicle" | "driver" | "ticket";
      /**
       * IMEI, name of the driver, or kind and number of the ticket
       */
      id: string;
      /**
       * What people call it
       */
      name: string;
    };
    /**
     * The vehicle concerned
     */
    imei: string | null;
    /**
     * Who drove at the time
     */
    driver: string | null;
    severity: "low" | "medium" | "high";
    title: string;
    /**
     * Figures, and the threshold with where it comes from
     */
    why: string;
    /**
     * The figures; units are at the end of their names
     */
    evidence: {
      [k: string]: unknown;
    };
    /**
     * Paths of this API that show them
     */
    links: string[];
    remark: InsightRemark;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface InsightRemarks {
  remarks: {
    id: string;
    insightId: string;
    verdict: "confirmed" | "explained" | "wrong";
    note: string;
    /**
     * Last day of an explanation of more than one insight
     */
    until: string | null;
    appliesTo: "this" | "subject-and-kind";
    /**
     * Id of the key that wrote it
     */
    by: string;
    at: string;
    day: string;
    /**
     * What it is about: docs/insights.md has the rules. New ones may come
     */
    kind:
      | "silent"
      | "outside_city"
      | "account_changed"
      | "idling"
      | "after_hours"
      | "late_start"
      | "fuel_drain"
      | "service_due"
      | "ticket_unvisited";
    subject: {
      type: "vehicle" | "driver" | "ticket";
      /**
       * IMEI, name of the driver, or kind and number of the ticket
       */
      id: string;
      /**
       * What people call it
       */
      name: string;
    };
    /**
     * No newer one is of the same insight
     */
    counts: boolean;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface InsightEvaluation {
  from: string;
  to: string;
  /**
   * Days of these whose insights are kept
   */
  keptDays: number;
  kinds: {
    /**
     * What it is about: docs/insights.md has the rules. New ones may come
     */
    kind:
      | "silent"
      | "outside_city"
      | "account_changed"
      | "idling"
      | "after_hours"
      | "late_start"
      | "fuel_drain"
      | "service_due"
      | "ticket_unvisited";
    meaning: string;
    told: number;
    /**
     * Of these: held no longer when facts had come late
     */
    withdrawn: number;
    /**
     * Of those told, by their newest remark, as the next three
     */
    confirmed: number;
    explained: number;
    wrong: number;
    unremarked: number;
    /**
     * confirmed / (confirmed + wrong), 0 to 1; null without either
     */
    shareRight: number | null;
  }[];
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
export interface MapFilters {
  /**
   * How many there are
   */
  vehicles: number;
  /**
   * `account`
   */
  accounts: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `city`
   */
  cities: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `segment`
   */
  segments: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `vehicle_type`
   */
  vehicleTypes: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `plate`
   */
  plates: {
    value: string;
    vehicles: number;
  }[];
}
export interface FleetSummary {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * As many days before them
   */
  before: {
    from: string;
    to: string;
  };
  /**
   * Vehicles that match and are enabled, or were heard of in either period
   */
  vehicles: number;
  /**
   * Vehicles times days; with `driver` the days on which these had a vehicle
   */
  vehicleDays: number;
  vehicleDaysBefore: number;
  figures: {
    vehiclesKnown: ComparedFigure;
    vehiclesActive: ComparedFigure & {
      [k: string]: unknown;
    };
    distanceKm: ComparedFigure & {
      [k: string]: unknown;
    };
    movingS: ComparedFigure & {
      [k: string]: unknown;
    };
    idlingS: ComparedFigure & {
      [k: string]: unknown;
    };
    parkedS: ComparedFigure & {
      [k: string]: unknown;
    };
    unknownS: ComparedFigure & {
      [k: string]: unknown;
    };
    trips: ComparedFigure & {
      [k: string]: unknown;
    };
    fuelReportedL: ComparedFigure & {
      [k: string]: unknown;
    };
    fuelEstimatedL: ComparedFigure & {
      [k: string]: unknown;
    };
    alarms: ComparedFigure & {
      [k: string]: unknown;
    };
    speedingEvents: ComparedFigure & {
      [k: string]: unknown;
    };
    harshEvents: ComparedFigure & {
      [k: string]: unknown;
    };
    coverageShare: ComparedFigure & {
      [k: string]: unknown;
    };
  };
}
/**
 * Vehicles of which anything is known
 */
export interface ComparedFigure {
  /**
   * Of the period, of what is known
   */
  value: number | null;
  /**
   * Days of vehicles it rests on, of `vehicleDays`
   */
  knownVehicleDays: number;
  /**
   * Of the period before
   */
  before: number | null;
  /**
   * Of `vehicleDaysBefore`
   */
  knownVehicleDaysBefore: number;
  /**
   * value − before; null where either is not known
   */
  change: number | null;
  /**
   * change ÷ before; null where that is 0, too
   */
  changeShare: number | null;
}
export interface UtilisationList {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * As many days before them
   */
  before: {
    from: string;
    to: string;
  };
  groupBy: string;
  /**
   * Of all groups, not of the page alone; null without a vehicle
   */
  totals: {
    period: Utilisation;
    before: Utilisation;
  };
  groups: {
    /**
     * IMEI, account, city …, or day; null: vehicles without one, the last of the list
     */
    key: string | null;
    /**
     * Of a vehicle
     */
    name: string | null;
    /**
     * Of a vehicle
     */
    plate: string | null;
    period: Utilisation & {
      [k: string]: unknown;
    };
    before: Utilisation & {
      [k: string]: unknown;
    };
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface DriverBehaviourList {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * As many days before them
   */
  before: {
    from: string;
    to: string;
  };
  /**
   * Of all drivers, not of the page alone; null without one
   */
  totals: {
    period: DriverBehaviour;
    before: DriverBehaviour;
  };
  drivers: {
    /**
     * As the vendor or the company names them: namesakes are one
     */
    driver: string;
    period: DriverBehaviour;
    before: DriverBehaviour & {
      [k: string]: unknown;
    };
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface DriverClock {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  days: {
    day: string;
    driver: string;
    imei: string;
    name: string | null;
    plate: string | null;
    account: string | null;
    city: string | null;
    /**
     * on_time, late: by the grace of the shift. missing: did not move, though the vehicle was heard of. unknown: nothing was heard of it. awaited: of today, the shift or its grace goes on. free: no shift
     */
    status: "on_time" | "late" | "missing" | "unknown" | "awaited" | "free";
    /**
     * As it is now
     */
    shift: string | null;
    shiftFrom: string | null;
    shiftTo: string | null;
    firstIgnitionAt: string | null;
    firstMovingAt: string | null;
    /**
     * First move of the shift, from two hours before it on
     */
    beganAt: string | null;
    /**
     * Last instant under way
     */
    endedAt: string | null;
    lastIgnitionAt: string | null;
    /**
     * From the start of the shift, or from taking the vehicle over, to beganAt, s; while missing today, to now
     */
    lateS: number | null;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface DistanceDaily {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * As many days before them
   */
  before: {
    from: string;
    to: string;
  };
  /**
   * Of all days, not of the page alone; null without a vehicle
   */
  totals: {
    period: Distance;
    before: Distance;
  };
  days: {
    day: string;
    /**
     * With `vehicles=true`
     */
    imei: string | null;
    name: string | null;
    plate: string | null;
    period: Distance;
    before: Distance & {
      [k: string]: unknown;
    };
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface AlarmCounts {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * As many days before them
   */
  before: {
    from: string;
    to: string;
  };
  total: {
    alarms: number | null;
    /**
     * Vehicles that had any
     */
    vehicles: number | null;
    vehicleDays: number;
    knownVehicleDays: number;
    before: number | null;
    vehicleDaysBefore: number;
    knownVehicleDaysBefore: number;
  };
  /**
   * What they are about, the most frequent first; they add up to the total
   */
  classes: {
    /**
     * Null: codes nobody knows
     */
    class: string | null;
    alarms: number;
    /**
     * In the period before
     */
    before: number;
  }[];
  /**
   * The most frequent
   */
  codes: {
    code: string;
    name: string | null;
    class: string | null;
    /**
     * Counts as harsh driving
     */
    harsh: boolean;
    alarms: number;
    /**
     * In the period before
     */
    before: number;
  }[];
  /**
   * Those with the most
   */
  vehicles: {
    imei: string;
    name: string | null;
    plate: string | null;
    alarms: number;
    before: number | null;
    vehicleDays: number;
    knownVehicleDays: number;
  }[];
  /**
   * Every day; with `driver`, those on which they had a vehicle
   */
  days: {
    day: string;
    alarms: number | null;
    vehicles: number | null;
    vehicleDays: number;
    knownVehicleDays: number;
  }[];
}
export interface FuelList {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * As many days before them
   */
  before: {
    from: string;
    to: string;
  };
  groupBy: string;
  /**
   * Of all groups, not of the page alone; null without a vehicle
   */
  totals: {
    period: Fuel;
    before: Fuel;
  };
  groups: {
    /**
     * IMEI, account, city …, or day; null: vehicles without one, the last of the list
     */
    key: string | null;
    /**
     * Of a vehicle
     */
    name: string | null;
    /**
     * Of a vehicle
     */
    plate: string | null;
    period: Fuel & {
      [k: string]: unknown;
    };
    before: Fuel & {
      [k: string]: unknown;
    };
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface AnalyticsFilters {
  period: {
    from: string;
    to: string;
    /**
     * How many, first and last included
     */
    days: number;
    /**
     * The fleet's zone, IANA name
     */
    zone: string;
  };
  /**
   * First day of which anything is known of any vehicle
   */
  firstDay: string | null;
  /**
   * The last
   */
  lastDay: string | null;
  /**
   * How many there are
   */
  vehicles: number;
  /**
   * `account`
   */
  accounts: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `city`
   */
  cities: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `segment`
   */
  segments: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `vehicle_type`
   */
  vehicleTypes: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `plate`
   */
  plates: {
    value: string;
    vehicles: number;
  }[];
  /**
   * `driver`: who had a vehicle in the period
   */
  drivers: {
    value: string;
    vehicles: number;
  }[];
  /**
   * Codes of alarms in the period
   */
  alarmCodes: {
    value: string;
    name: string | null;
    class: string | null;
    alarms: number;
  }[];
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
export interface Activity {
  imei: string;
  from: string;
  /**
   * As asked for, but not after now
   */
  to: string;
  movingS: number;
  idlingS: number;
  parkedS: number;
  /**
   * The four add up to the span
   */
  unknownS: number;
  /**
   * Of the fixes in the span; null without any
   */
  maxSpeedKmh: number | null;
  /**
   * Oldest first; each begins where the one before ends
   */
  stretches: {
    state: "moving" | "idling" | "parked" | "unknown";
    from: string;
    to: string;
  }[];
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
export interface VendorDevices {
  askedAt: string;
  accounts: {
    account: string;
    devices: number;
  }[];
  devices: {
    imei: string;
    /**
     * Once for each time that an account lists it. null says nothing
     */
    listed: {
      account: string;
      /**
       * Device name, free text of the vendor
       */
      name: string | null;
      plate: string | null;
      driver: string | null;
      driverPhone: string | null;
      sim: string | null;
    }[];
    /**
     * The vehicle as the database has it; null where it does not
     */
    registry: {
      enabled: boolean;
      account: string | null;
      /**
       * Device name, free text of the vendor
       */
      name: string | null;
      plate: string | null;
      driver: string | null;
      driverPhone: string | null;
      sim: string | null;
      /**
       * Whether the company names the plate itself
       */
      ownPlate: boolean;
      /**
       * Whether the company names the driver itself
       */
      ownDriver: boolean;
    } | null;
  }[];
  /**
   * Items of the lists that name no device
   */
  unreadable: {
    account: string;
    imei: string | null;
    name: string | null;
  }[];
}
export interface VendorDevice {
  imei: string;
  /**
   * Whose it is
   */
  account: string | null;
  /**
   * Device name, free text of the vendor
   */
  name: string | null;
  plate: string | null;
  driver: string | null;
  driverPhone: string | null;
  sim: string | null;
}
export interface GeofenceList {
  geofences: Geofence[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface Geofence {
  id: number;
  /**
   * Unique
   */
  name: string;
  /**
   * Free text: depot, city zone, customer
   */
  kind: string;
  /**
   * Of a Point, which alone has one: radius of the circle, m
   */
  radiusM: number | null;
  /**
   * One that is not has no visits
   */
  enabled: boolean;
  /**
   * Who is outside no longer than this, s, has not left
   */
  rejoinS: number;
  /**
   * Who surely was inside no longer than this, s, passed by
   */
  minStayS: number;
  /**
   * west, south, east, north, degrees
   *
   * @minItems 4
   * @maxItems 4
   */
  bbox: [number, number, number, number];
  createdAt: string;
  changedAt: string;
  geometry: GeofenceGeometry;
}
export interface GeofenceCollection {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    id: number;
    geometry: GeofenceGeometry;
    properties: {
      id: number;
      /**
       * Unique
       */
      name: string;
      /**
       * Free text: depot, city zone, customer
       */
      kind: string;
      /**
       * Of a Point, which alone has one: radius of the circle, m
       */
      radiusM: number | null;
      /**
       * One that is not has no visits
       */
      enabled: boolean;
      /**
       * Who is outside no longer than this, s, has not left
       */
      rejoinS: number;
      /**
       * Who surely was inside no longer than this, s, passed by
       */
      minStayS: number;
      /**
       * west, south, east, north, degrees
       *
       * @minItems 4
       * @maxItems 4
       */
      bbox: [number, number, number, number];
      createdAt: string;
      changedAt: string;
    };
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface GeofenceBody {
  /**
   * Unique
   */
  name: string;
  /**
   * Free text: depot, city zone, customer
   */
  kind: string;
  geometry: GeofenceGeometry;
  /**
   * Of a Point, which alone has one: radius of the circle, m. Left out or null: none
   */
  radiusM?: number | null;
  /**
   * One that is not has no visits. Left out or null: true, or as it is
   */
  enabled?: boolean | null;
  /**
   * Who is outside no longer than this, s, has not left. Left out or null: 120, or as it is
   */
  rejoinS?: number | null;
  /**
   * Who surely was inside no longer than this, s, passed by. Left out or null: 60, or as it is
   */
  minStayS?: number | null;
}
export interface GeofenceRemoved {
  /**
   * How many went with it
   */
  visits: number;
}
export interface GeofenceVisits {
  visits: {
    imei: string;
    name: string | null;
    plate: string | null;
    /**
     * When it entered
     */
    driver: string | null;
    /**
     * First fix inside
     */
    enteredAt: string;
    /**
     * The fix before it: it entered between the two; null where there is none
     */
    enteredAfter: string | null;
    /**
     * Last fix inside; null while it is inside
     */
    leftAt: string | null;
    /**
     * The fix after it: it left between the two; null while it is inside
     */
    leftBefore: string | null;
    /**
     * Up to when it is known to be inside: the last fix inside or, of one that has not left and has its ignition off, the last contact
     */
    knownTo: string;
    /**
     * From enteredAt to knownTo: inside at least so long, s
     */
    insideS: number;
    /**
     * From enteredAfter to leftBefore, s; null without either
     */
    atMostS: number | null;
    /**
     * It entered within ten minutes; else in a gap
     */
    entryIsExact: boolean;
    /**
     * In so many seconds; null where no fix was before
     */
    entryWithinS: number | null;
    /**
     * It left within ten minutes; else in a gap; null while it is inside
     */
    exitIsExact: boolean | null;
    /**
     * In so many seconds; null while it is inside
     */
    exitWithinS: number | null;
    fixes: number;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface TicketList {
  tickets: Ticket[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface Ticket {
  number: string;
  /**
   * In the words of the system that has the tickets, as the next two
   */
  state: string | null;
  /**
   * Still to be done
   */
  isOpen: boolean;
  priority: string | null;
  area: string | null;
  /**
   * Its place; null where none is known
   */
  lat: number | null;
  lng: number | null;
  openedAt: string | null;
  dueAt: string | null;
  /**
   * Open, and due before now
   */
  isOverdue: boolean;
  /**
   * null while it is open
   */
  resolvedAt: string | null;
  /**
   * Whom it is assigned to
   */
  driver: string | null;
  /**
   * The vehicle that it names; may be one that nobody has heard of
   */
  imei: string | null;
  visit: TicketVisit;
  /**
   * Nearest first; null unless asked for, of one that is open and has a place
   */
  nearest: TicketNeighbour[] | null;
}
export interface TicketNeighbour {
  imei: string;
  name: string | null;
  plate: string | null;
  driver: string | null;
  /**
   * As in /v1/live
   */
  status: "moving" | "idling" | "parked" | "silent" | "unknown";
  lat: number;
  lng: number;
  /**
   * As the crow flies
   */
  distanceKm: number;
  fixAt: string;
  /**
   * Look at it before you send somebody
   */
  fixAgeS: number;
}
export interface TicketCollection {
  type: "FeatureCollection";
  features: {
    type: "Feature";
    id: string;
    geometry: {
      type: "Point";
      /**
       * @minItems 2
       * @maxItems 2
       */
      coordinates: [number, number];
    };
    properties: Ticket;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface TicketsWritten {
  /**
   * New, or changed
   */
  written: number;
  /**
   * As they are known
   */
  unchanged: number;
  /**
   * Older than what is known: left
   */
  older: number;
  /**
   * Vehicles among them that nobody has heard of, at most 100; kept all the same
   */
  unknownImeis: string[];
}
export interface TicketBody {
  /**
   * When it was so: the last change by the system that has the tickets. What is older than what is known changes nothing
   */
  updatedAt: string;
  /**
   * A new one needs it
   */
  openedAt?: string;
  /**
   * In the words of that system, as the next two. Longest of each text: 500 characters
   */
  state?: string | null;
  /**
   * Priority
   */
  priority?: string | null;
  /**
   * Area or site
   */
  area?: string | null;
  /**
   * Its place, with lng
   */
  lat?: number | null;
  lng?: number | null;
  /**
   * By when it is to be resolved
   */
  dueAt?: string;
  /**
   * null, also once it was opened again, while it is not
   */
  resolvedAt?: string;
  /**
   * Whom it is assigned to, as the vendor names them; capitals do not matter
   */
  driver?: string | null;
  /**
   * Vehicle it is assigned to; may be one that nobody has heard of yet
   */
  imei?: string | null;
}
export interface TicketsBody {
  /**
   * @minItems 1
   * @maxItems 500
   */
  tickets: [
    {
      number: string;
      /**
       * When it was so: the last change by the system that has the tickets. What is older than what is known changes nothing
       */
      updatedAt: string;
      /**
       * A new one needs it
       */
      openedAt?: string;
      /**
       * In the words of that system, as the next two. Longest of each text: 500 characters
       */
      state?: string | null;
      /**
       * Priority
       */
      priority?: string | null;
      /**
       * Area or site
       */
      area?: string | null;
      /**
       * Its place, with lng
       */
      lat?: number | null;
      lng?: number | null;
      /**
       * By when it is to be resolved
       */
      dueAt?: string;
      /**
       * null, also once it was opened again, while it is not
       */
      resolvedAt?: string;
      /**
       * Whom it is assigned to, as the vendor names them; capitals do not matter
       */
      driver?: string | null;
      /**
       * Vehicle it is assigned to; may be one that nobody has heard of yet
       */
      imei?: string | null;
    },
    ...{
      number: string;
      /**
       * When it was so: the last change by the system that has the tickets. What is older than what is known changes nothing
       */
      updatedAt: string;
      /**
       * A new one needs it
       */
      openedAt?: string;
      /**
       * In the words of that system, as the next two. Longest of each text: 500 characters
       */
      state?: string | null;
      /**
       * Priority
       */
      priority?: string | null;
      /**
       * Area or site
       */
      area?: string | null;
      /**
       * Its place, with lng
       */
      lat?: number | null;
      lng?: number | null;
      /**
       * By when it is to be resolved
       */
      dueAt?: string;
      /**
       * null, also once it was opened again, while it is not
       */
      resolvedAt?: string;
      /**
       * Whom it is assigned to, as the vendor names them; capitals do not matter
       */
      driver?: string | null;
      /**
       * Vehicle it is assigned to; may be one that nobody has heard of yet
       */
      imei?: string | null;
    }[]
  ];
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
export interface JobHours {
  from: string;
  to: string;
  /**
   * Oldest first; an hour in which nothing ran is not in it
   */
  hours: {
    /**
     * Its beginning; runs belong to the hour they began in
     */
    hour: string;
    /**
     * As `/v1/jobs` names it; `writer` is the queue's consumer
     */
    job: string;
    /**
     * Of runs that failed, each by its first failure; null: they did all
     */
    errorCode: string | null;
    /**
     * Runs, or batches of the writer
     */
    runs: number;
    /**
     * Calls of Tracksolid, retries included
     */
    apiCalls: number;
    /**
     * Received
     */
    items: number;
    /**
     * Rows
     */
    inserted: number;
    /**
     * Rows
     */
    updated: number;
    /**
     * Rows that were there already
     */
    duplicate: number;
    /**
     * Items
     */
    rejected: number;
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
export interface Pushes {
  from: string;
  to: string;
  /**
   * Those that are polled, and those that have vehicles beside them
   */
  accounts: {
    account: string;
    vehicles: number;
    /**
     * One of its vehicles
     */
    imei: string | null;
  }[];
  /**
   * All there are; of those that did not come every count is 0
   */
  kinds: {
    /**
     * The vendor's path in lower case, or what it stands for
     */
    kind: string;
    messages: number;
    items: number;
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
    /**
     * Accounts of whose vehicles there are such rows of the span. A push does not say whose it is. `pushgps` and `tag` become the same rows, as do `pushalarm` and `open_alarm`
     */
    accounts: string[];
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
export interface RejectedReasons {
  reasons: {
    reason: string;
    kind: string;
    /**
     * That wait: /v1/rejected lists them
     */
    items: number;
    /**
     * Different IMEIs among them
     */
    vehicles: number;
    /**
     * When the oldest was received
     */
    firstAt: string;
    /**
     * When the newest was received
     */
    lastAt: string;
  }[];
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
export interface Audit {
  calls: {
    id: string;
    askedAt: string;
    analystId: string;
    /**
     * The name of then
     */
    analyst: string;
    tool: string;
    /**
     * SQL that the analyst wrote; null of tools that write their own
     */
    statement: string | null;
    /**
     * Whatever else the tool was called with, JSON text
     */
    arguments: string;
    /**
     * refused: nothing ran; failed: the database ended it
     */
    outcome: "answered" | "refused" | "failed";
    /**
     * Why it was refused or failed: a word of the door, or the SQLSTATE
     */
    reason: string | null;
    rowCount: number | null;
    /**
     * Of the rows, as JSON
     */
    bytes: number | null;
    /**
     * With the wait for a turn, ms
     */
    durationMs: number;
    /**
     * As in the log
     */
    requestId: string;
  }[];
  /**
   * Send it as `after` for the next page; null at the end
   */
  next: string | null;
}
export interface Metrics {
  at: string;
  /**
   * Those without a figure too: what could not be asked has none, and `up` says 0 of it
   */
  metrics: {
    /**
     * As in `/metrics`, without `tracksolid_` before it
     */
    name: string;
    help: string;
    samples: {
      labels: {
        [k: string]: string;
      };
      value: number;
    }[];
  }[];
}
export interface Alerts {
  /**
   * When the rules were last looked at
   */
  evaluatedAt: string | null;
  alerts: {
    id: string;
    /**
     * docs/alerts.md says what it means and what to do
     */
    rule: string;
    /**
     * Of which: a job, a vehicle; empty where there is one
     */
    subject: string;
    title: string;
    text: string;
    severity: "critical" | "warning";
    /**
     * Who is told: targets with this audience, and those with none
     */
    audience: "operations" | "fleet" | null;
    since: string;
  }[];
  targets: {
    kind: "webhook" | "slack" | "teams";
    host: string;
    /**
     * null: hears of all
     */
    audience: "operations" | "fleet" | null;
    /**
     * Events it has yet to be told
     */
    waiting: number;
    /**
     * Tries in a row that it did not take
     */
    failures: number;
    /**
     * Why the last of them failed
     */
    reason: string | null;
  }[];
}
export interface AlertsTest {
  targets: {
    kind: "webhook" | "slack" | "teams";
    host: string;
    /**
     * null: hears of all
     */
    audience: "operations" | "fleet" | null;
    /**
     * Events it has yet to be told
     */
    waiting: number;
    /**
     * Tries in a row that it did not take
     */
    failures: number;
    /**
     * Why the last of them failed
     */
    reason: string | null;
  }[];
  /**
   * Of an error that was made for this; off: SENTRY_DSN is empty
   */
  errorReport: "sent" | "failed" | "off";
  errorReportReason: string | null;
}
export interface ServiceLevel {
  month: string;
  /**
   * A push that was on the map within so many seconds is good
   */
  objectiveS: number;
  /**
   * Minutes of the month up to now, from the first run on
   */
  minutes: number;
  /**
   * Of those the ones whose push was on the map in time
   */
  good: number;
  /**
   * good / minutes; null before the first run
   */
  availability: number | null;
  /**
   * From before the push to the live map, of those that came there
   */
  doorToMap: {
    p50S: number | null;
    p95S: number | null;
    p99S: number | null;
    slowestS: number | null;
  };
  newest: {
    at: string;
    /**
     * How long the push door took; null where it refused
     */
    doorS: number | null;
    /**
     * null where the fix did not come to the map
     */
    mapS: number | null;
  } | null;
}
