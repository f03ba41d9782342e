/** Defaults that decide what the data means, each with its reason. Units are at the end of the names. */
export const settings = {
  /** Start of the project: an older event time is a device with a lost clock (seen: 2019). */
  earliestEventAt: "2026-01-01T00:00:00Z",

  /** A clock further ahead than this is broken; up to it a wrong zone can be told apart later. */
  latestEventAheadS: 2 * 24 * 3600,

  /** A fix further ahead of its receipt than this must not freeze the marker on the map. */
  liveFixAheadS: 10 * 60,

  /** Nothing heard for so long: the vehicle is silent. */
  silentAfterS: 24 * 3600,

  /** A moving vehicle reports every 10-30 s; after so long its last speed says nothing about now. */
  staleAfterS: 10 * 60,

  /** A tracker sends a fix every 10-30 s while it moves: after so long without one something was missed. */
  gapWhileMovingS: 10 * 60,

  /** Of a day's time under way at least so much is known six hours later; less is an alarm. */
  coverageAlarmShare: 0.98,

  /** GPS speed of a standing vehicle wanders up to this. As in `reporting.fn_live_positions`. */
  movingAboveKmh: 3,

  /** Lights and queues end sooner: a vehicle that stands for so long has stopped somewhere. */
  stopAfterS: 5 * 60,

  /** While anybody watches, the live map compares itself with the database so often. */
  liveReconcileEveryS: 10,

  /** A vehicle that was never asked for: its last day is shown at once, more where somebody asks for it. */
  firstSpanS: 24 * 3600,

  /** What reaches the vendor late shows in what was asked already: each night it is asked again. */
  secondLookS: 48 * 3600,

  /** Device details change rarely and cost a call each: once a day. */
  detailEveryS: 24 * 3600,

  /** Roads are renamed in years, and Nominatim asks to be asked once: half a year. */
  addressTtlS: 180 * 24 * 3600,

  /** Trips older than this are looked at seldom: without an address by then, they stay without one. */
  addressLookBackS: 7 * 24 * 3600,

  /** Accounts and device groups are made by people, and seldom: once a day. */
  accountsEveryS: 24 * 3600,

  /**
   * A message that must exist and is nowhere yet may still be in the queue: the writer's own tries take some five
   * minutes, a backlog after an outage as long again. After so long it is lost.
   */
  ledgerPendingS: 15 * 60,

  /** Health looks back for days, a person who asks what went wrong for a season. Some 150,000 rows a month. */
  retainIngestionLogDays: 90,

  /** Of a database that was taken over: the log of refreshes that are made no more. Two seasons to compare with. */
  retainRefreshLogDays: 180,

  /** The books of a year, and some weeks in which to ask about it. */
  retainReceiptHoursDays: 400,

  /** Whatever made items unreadable is mended in that time; the archive has them for longer. */
  retainRejectedItemsDays: 90,

  /** A naming of a driver that comes later than that among others of its time is not told apart from them any more. */
  retainDriverSightingsDays: 35,

  /** Statements of the API take milliseconds: a slower one has lost its index or waits for a lock. */
  slowQueryMs: 500,
} as const;
