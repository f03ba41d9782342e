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

  /** How the service did in each month of a year. */
  retainCanaryRunsDays: 400,

  /** Who drives a road once a year still finds it on the map; what is built over goes some day. */
  roadKeptDays: 366,

  /** What analysts asked a year ago can still be told, and some weeks in which to ask about it. */
  retainAuditDays: 400,

  /**
   * What a speeding alarm costs a driver on 100 km, of 100 points. Who speeds every five kilometres has none left: it is the
   * driver's own choice, and the gravest of what devices tell.
   */
  scoreSpeedingWeight: 5,

  /** The same for harsh driving. Half of it: sensors take potholes for braking, and others brake first. */
  scoreHarshWeight: 2.5,

  /** Who drove less has no score: a single alarm would be worth ten and more on 100 km. */
  scoreLeastKm: 20,

  /** A dispatcher who looks half a minute after a vehicle reported sees it there. */
  doorToMapObjectiveMs: 30_000,

  /** Statements of the API take milliseconds: a slower one has lost its index or waits for a lock. */
  slowQueryMs: 500,
  /** The server ends a reader's statement after 30 s and says so: where nothing was said by then, nobody is there. */
  silentDatabaseMs: 35_000,
} as const;

/** What the analysts' door lets through unless its deployment says otherwise (`analystConfig`). */
export const analystLimits = {
  /** A model reads no more; who wants more says so. */
  rows: 1_000,
  mostRows: 10_000,

  /** Of the rows as JSON. A Worker has 128 MB for all that it does at a time, and holds an answer several times over. */
  mostBytes: 8_000_000,

  /** As the role of analysts has it. */
  statementS: 30,

  /** As many connections as the pool of analysts has. */
  atOnce: 8,

  /** Clients wait no longer than some ten seconds before they try again by themselves. */
  waitS: 10,

  requestsPerS: 30,
  burst: 60,

  /** An hour of the database's time is two whole days of questions that take a second each. */
  dayS: 3_600,
  dayBytes: 1_000_000_000,

  /** Planner's units. A core reads some fifty thousand of them in a second: what is expected to take more cannot end in time. */
  mostCost: 5_000_000,
} as const;

/** From where on insights are told (docs/insights.md), by the names that the statements in workers/insights read them by. */
export const insightRules = {
  /** As the live map has it. */
  silentAfterS: settings.silentAfterS,

  /** Nairobi and its neighbours lie within it, Mombasa (440 km) and Kampala (500 km) do not. */
  cityAwayKm: 100,

  /** The median of fewer may be on a journey itself. */
  cityLeastVehicles: 5,

  /** Who was not seen for four weeks says nothing of where a city's vehicles are. */
  cityFixDays: 28,

  /** Twice the usual is no chance; traffic alone makes half as much again. */
  idlingTimes: 2,

  /** Of a vehicle that hardly idles, twice is still nothing: half an hour costs about a litre. */
  idlingMoreS: 30 * 60,

  /** Four weeks: every weekday four times. */
  idlingOfDays: 28,

  /** Two weeks of work; a median of fewer moves with each day. */
  idlingLeastDays: 10,

  /** A season: what a vehicle did before says nothing of it now. */
  idlingBackDays: 84,

  /** Who parks the vehicle around the corner is not reported. */
  afterHoursS: 10 * 60,

  /** Times of day in the fleet's zone. Nobody is sent out then; the way home from a late job is over. */
  nightFrom: "22:00",
  nightTo: "05:00",

  /** As `reporting.v_fuel_daily` counts. */
  drainConfidence: 0.5,

  /** Older tickets are few, and each reads the fixes of all its time. */
  ticketBackDays: 31,

  /** Twice wrong is half as much again, four times the most: a subject that is always wrong is still told of one day. */
  wrongTimes: 1.25,
  wrongMost: 2,

  /** What was wrong four weeks ago may be right by now. */
  wrongDays: 28,
} as const;

/** Late facts come within a week: until then insights of a day are made again. */
export const insightsAgainDays = 7;
