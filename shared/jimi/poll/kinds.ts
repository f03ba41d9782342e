/** What the items of the vendor's answers are. */
export const POLL_KINDS = [
  "location",
  "device",
  "device_detail",
  /** `user.child.list`. */
  "account",
  /** `device.group.list`. */
  "group",
  /** `track.mileage`. */
  "trip",
  /** `report.parking`, asked for stays with the ignition off, and with it on. */
  "parking",
  "idling",
  /** `alarm.list`. */
  "alarm",
  /** `track.list`: the items do not name their device, the message does. */
  "track_point",
  /** `obd.list` and `obd.fault`: what is pushed as `pushobd` and `pushfaultinfo`. */
  "obd",
  "obd_fault",
] as const;
export type PollKind = (typeof POLL_KINDS)[number];
