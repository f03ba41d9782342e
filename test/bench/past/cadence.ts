import { settings } from "../../../shared/settings.ts";
import { schedule } from "../../../workers/polls/schedule.ts";
import type { BenchCluster } from "../cluster.ts";
import type { Line } from "../report.ts";
import { type Stand, startStand } from "./stand.ts";

const VEHICLES = 200;

const SECTION = `Vehicles that the pace of one credential carries, from the calls that ${VEHICLES} in three accounts cause`;

/** `PACE_MS` of the session: 500. */
const CALLS_PER_S = 2;

/** How long before now the first tracks begin: what moved and what stood is known from them. */
const TRACKS_BEFORE_S = 3 * 3_600;

/** Calls of one purpose, and how often they are made. */
interface Part {
  what: string;
  cron: string;
  everyS: number;
  methods: string[];
}

const DETAIL = "jimi.track.device.detail";
const ALARMS = "jimi.device.alarm.list";
const TRIPS = "jimi.device.track.mileage";
const PARKING = "jimi.open.platform.report.parking";
const LOCATIONS = ["jimi.user.device.location.list", "jimi.device.location.get"];

const PARTS: Part[] = [
  { what: "device lists", ...schedule.devices, methods: ["jimi.user.device.list"] },
  {
    what: "accounts, groups",
    ...schedule.devices,
    everyS: settings.accountsEveryS,
    methods: ["jimi.user.child.list", "jimi.device.group.list"],
  },
  { what: "details", ...schedule.devices, everyS: settings.detailEveryS, methods: [DETAIL] },
  { what: "live", ...schedule.live, methods: LOCATIONS },
  { what: "left-out", ...schedule["left-out"], methods: LOCATIONS },
  { what: "alarms", ...schedule.alarms, methods: [ALARMS] },
  { what: "trips", ...schedule.trips, methods: [TRIPS] },
  { what: "parking", ...schedule.parking, methods: [PARKING] },
  { what: "tracks", ...schedule.tracks, methods: ["jimi.device.track.list"] },
  { what: "second look", ...schedule["second-look"], methods: [TRIPS, PARKING, ALARMS] },
];

/** Jobs that ask from where they stopped. */
const WINDOWED = ["alarms", "trips", "parking", "tracks"] as const;

/** What a part costs a run. */
interface Cost extends Part {
  calls: number;
  perAccount: number;
  perVehicle: number;
}

/** Counts the calls of every job that asks the vendor, and computes how many vehicles they leave room for. */
export async function measureCadence(cluster: BenchCluster): Promise<Line[]> {
  const stand = await startStand(cluster, "past_cadence", { world: { vehicles: VEHICLES } });
  try {
    const accounts = stand.world.info.accounts.length;
    const costs = await costsOf(stand, schedule.devices.cron);
    await prepare(stand, VEHICLES);
    for (const cron of new Set(PARTS.map((part) => part.cron))) {
      if (cron !== schedule.devices.cron) costs.push(...(await costsOf(stand, cron)));
    }
    return [...costs.map((cost) => alone(cost, accounts)), together(costs, accounts)];
  } finally {
    await stand.stop();
  }
}

/** Counts what the ticks of a cron expression call. */
async function costsOf(stand: Stand, cron: string): Promise<Cost[]> {
  await stand.world.clearCalls();
  await stand.tick(cron);
  await stand.settled();
  const calls = await stand.world.calls();
  return PARTS.filter((part) => part.cron === cron).map((part) =>
    costOf(part, calls, stand.world.info.accounts.length),
  );
}

/** Makes it an ordinary moment: every job has covered everything up to its last tick. */
export async function prepare(stand: Stand, vehicles: number): Promise<void> {
  const devices = async () => Number((await stand.sql`select count(*) from tracksolid.devices`)[0]?.count);
  while ((await devices()) < vehicles) await new Promise((resolve) => setTimeout(resolve, 100));
  await coveredUntil(stand, "tracks", TRACKS_BEFORE_S);
  await stand.tick(schedule.tracks.cron);
  await stand.settled();
  for (const job of WINDOWED) await coveredUntil(stand, job, schedule[job].everyS);
}

/** Puts what is covered of a job back, as if its tick were due now. */
export async function coveredUntil({ sql }: Stand, job: string, agoS: number): Promise<void> {
  await sql`
    insert into tracksolid.poll_watermarks as w (job, account, imei, covered_from, covered_to)
    select ${job}, '*', imei, at, at
    from tracksolid.devices, date_trunc('second', now() - ${agoS} * interval '1 s') as at
    on conflict (job, account, imei) do update
      set covered_from = least(w.covered_from, excluded.covered_to), covered_to = excluded.covered_to`;
}

type Call = Awaited<ReturnType<Stand["world"]["calls"]>>[number];

/** A call that names no device is one of its account. */
function costOf(part: Part, calls: Call[], accounts: number): Cost {
  const own = calls.filter(({ method }) => part.methods.includes(method));
  const ofAccounts = own.filter(({ imeis }) => imeis === 0).length;
  return {
    ...part,
    calls: own.length,
    perAccount: ofAccounts / accounts,
    perVehicle: (own.length - ofAccounts) / VEHICLES,
  };
}

function alone(cost: Cost, accounts: number): Line {
  const { what, everyS, calls, perAccount, perVehicle } = cost;
  const vehicles = room([cost], accounts);
  const ofAccounts = (CALLS_PER_S * everyS) / perAccount;
  const measured = Number.isFinite(vehicles) ? vehicles : ofAccounts;
  return {
    section: SECTION,
    what: `${what}, every ${every(everyS)}`,
    value: measured,
    measured: `${whole(measured)} ${Number.isFinite(vehicles) ? "vehicles" : "accounts"}`,
    figures:
      `${calls} calls a run: ${perAccount.toFixed(2)} an account, ${perVehicle.toFixed(3)} a vehicle; ` +
      `${((100 * calls) / everyS / CALLS_PER_S).toFixed(2)} % of the pace`,
  };
}

function together(costs: Cost[], accounts: number): Line {
  const vehicles = room(costs, accounts);
  const callsPerS = costs.reduce((sum, { calls, everyS }) => sum + calls / everyS, 0);
  return {
    section: SECTION,
    what: "all together",
    value: vehicles,
    measured: `${whole(vehicles)} vehicles`,
    figures:
      `${accounts} accounts; ${VEHICLES} vehicles take ${((100 * callsPerS) / CALLS_PER_S).toFixed(1)} % of the pace, ` +
      `${whole(callsPerS * 86_400)} calls a day`,
  };
}

/** Vehicles for which the calls of some parts just fit, with so many accounts. */
function room(costs: Cost[], accounts: number): number {
  const fixed = costs.reduce((sum, { perAccount, everyS }) => sum + (perAccount * accounts) / everyS, 0);
  const perVehicle = costs.reduce((sum, cost) => sum + cost.perVehicle / cost.everyS, 0);
  return (CALLS_PER_S - fixed) / perVehicle;
}

const whole = (value: number): string => Math.floor(value).toLocaleString("en");

function every(everyS: number): string {
  if (everyS < 3_600) return `${everyS / 60} min`;
  return everyS < 86_400 ? `${everyS / 3_600} h` : "day";
}
