import type postgres from "postgres";
import { DISPATCH_VEHICLES, HOSTILE } from "./dispatch.ts";

/** A day of the fleet's zone that is long past, whose insights are kept; the one before it is kept and has none. */
export const TOLD_DAY = "2026-09-15";

const [van, truck, car, bike] = DISPATCH_VEHICLES.map(({ imei }) => imei);

interface Told {
  kind: string;
  severity: "high" | "medium" | "low";
  subject: string;
  imei: string | null;
  driver: string | null;
  title: string;
  why: string;
  evidence: Record<string, unknown>;
}

const at = (time: string) => `${TOLD_DAY}T${time}:00Z`;

/** What the rules tell of such a day, with the figures as they give them. */
export const INSIGHTS: readonly Told[] = [
  {
    ...{
      kind: "silent",
      severity: "high",
      subject: String(van),
      imei: String(van),
      driver: "Achieng Otieno",
    },
    title: "KDA 204K has been silent for 2 d 3 h",
    why: `Neither a heartbeat nor a fix since ${at("18:00")}; told after 24 h (silentAfterS).`,
    evidence: {
      cause: "no_login",
      heardAt: at("18:00"),
      contactAt: at("18:00"),
      fixAt: null,
      silentS: 183_600,
      afterS: 86_400,
      bar: 1,
    },
  },
  {
    ...{
      kind: "fuel_drain",
      severity: "high",
      subject: String(bike),
      imei: String(bike),
      driver: "Didi Mwangi",
    },
    title: "KDD 207N lost 23 l of fuel",
    why: "One drain with a confidence of up to 0.90 between 11:20 and 11:40; told from 0.50 (drainConfidence). Worth a question, not a verdict.",
    evidence: {
      ...{ drains: 1, litresL: 23.4, confidence: 0.9, leastConfidence: 0.5, bar: 1 },
      steps: [
        {
          from: at("08:20"),
          to: at("08:40"),
          fromLevel: 71,
          toLevel: 42,
          unit: "percent",
          litresL: 23.4,
          confidence: 0.9,
          standing: true,
          doubts: [],
        },
      ],
    },
  },
  {
    ...{
      kind: "idling",
      severity: "medium",
      subject: String(truck),
      imei: String(truck),
      driver: "Barasa Kamau",
    },
    title: "KDB 205L idled for 2 h 35 min",
    why: "Its median of 28 days is 48 min; told over the higher of 2 times that and 30 min more, which is 1 h 36 min (idlingTimes, idlingMoreS).",
    evidence: { idlingS: 9_300, medianS: 2_880, medianOfDays: 28, overS: 5_760, bar: 1 },
  },
  {
    ...{ kind: "outside_city", severity: "medium", subject: String(car), imei: String(car), driver: null },
    title: "KDC 206M is 141 km away from Nairobi",
    why: "Its fix is 141.2 km from the median of 8 vehicles of Nairobi; told over 100.0 km (cityAwayKm).",
    evidence: {
      city: "Nairobi",
      fixAt: at("12:00"),
      lat: -0.28,
      lng: 36.07,
      geofence: null,
      distanceKm: 141.2,
      overKm: 100,
      medianOfVehicles: 8,
      bar: 1,
    },
  },
  {
    ...{
      kind: "ticket_unvisited",
      severity: "medium",
      subject: "INC INC 7/8",
      imei: String(van),
      driver: null,
    },
    title: "INC 7/8 was resolved without a visit",
    why: `Resolved at ${at("12:30")}; from when it was opened, KDA 204K came as near as 557 m. A visit is 5 min within 150 m (tracksolid.ticket_rules).`,
    evidence: {
      ticket: "INC",
      outcome: "elsewhere",
      openedAt: at("09:30"),
      resolvedAt: at("12:30"),
      withinS: 0,
      nearestM: 557,
      fixes: 180,
    },
  },
  {
    ...{ kind: "late_start", severity: "low", subject: HOSTILE, imei: null, driver: HOSTILE },
    title: `${HOSTILE} began 42 min late`,
    why: 'First move with KDE 208P at 08:12; due at 07:30 by the shift "day". Told over its grace of 15 min (tracksolid.shifts).',
    evidence: {
      beganAt: at("05:12"),
      shift: "day",
      shiftFrom: at("04:30"),
      lateS: 2_520,
      overS: 900,
      bar: 1,
    },
  },
];

const TYPES: Record<string, string> = { late_start: "driver", ticket_unvisited: "ticket" };

/** Keeps the insights of the day, as the job does, and what three vehicles did on it. */
export async function fillInsights(sql: postgres.Sql): Promise<void> {
  for (const { kind, severity, subject, imei, driver, title, why, evidence } of INSIGHTS) {
    const type = TYPES[kind] ?? "vehicle";
    await sql`
      insert into reporting.insights (
        id, day, kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links, told_at, changed_at
      ) values (
        ${TOLD_DAY} || '-' || ${kind}::text || '-' || md5(${type}::text || ' ' || ${subject}::text), ${TOLD_DAY}, ${kind}, ${type},
        ${subject}, ${subject}, ${imei}, ${driver}, ${severity}, ${title}, ${why}, ${sql.json(evidence as never)},
        ${sql.json(imei === null ? [] : [`/v1/vehicles/${imei}`])}, ${at("22:37")}, ${at("22:37")}
      )`;
  }
  await sql`
    insert into reporting.vehicle_day (imei, day, moving_s, idling_s, parked_s, unknown_s, trips, fixes, odometer_breaks, alarms,
      speeding_events, harsh_events)
    select imei, ${TOLD_DAY}::date, 7200, 9300, 69900, 0, 4, 900, 0, 0, 0, 0
    from unnest(${DISPATCH_VEHICLES.slice(1, 4).map(({ imei }) => imei)}::text[]) imei`;
  await sql`
    insert into reporting.insight_days values
      (${TOLD_DAY}, (select version from reporting.newest_version), ${at("22:37")}),
      (${TOLD_DAY}::date - 1, (select version from reporting.newest_version), ${at("22:37")})`;
}
