import * as z from "zod";
import selectFleetNow from "#sql/workers/analyst/tools/fleet-now.sql";
import { settings } from "../../../shared/settings.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import { defineTool } from "../tool.ts";

interface FleetNow {
  zone: string;
  day: string;
  localTime: string;
  vehicles: number;
  driversUnderWay: number;
  byStatus: Record<string, number>;
  byCity: { city: string | null; vehicles: number; by_status: Record<string, number> }[];
  alarmsByClass: Record<string, number>;
  oldestContact: { imei: string; plate: string | null; name: string | null; contact_at: string } | null;
  neverHeardOf: number;
  newestFixAt: string | null;
  newestContactAt: string | null;
  jobsNotOk: { job: string; status: string; last_success_at: string | null }[];
}

const counted = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");

/** The same in words, for a person. */
function summaryOf(fleet: FleetNow): string {
  const { oldestContact: oldest, jobsNotOk: jobs } = fleet;
  const alarms = counted(fleet.alarmsByClass);
  const cities = fleet.byCity.map(({ city, vehicles }) => `${city ?? "no city"} ${vehicles}`).join(", ");
  return [
    `At ${fleet.localTime} (${fleet.zone}) maps show ${fleet.vehicles} vehicles${fleet.vehicles > 0 ? `: ${counted(fleet.byStatus)}` : ""}.`,
    ...(cities === "" ? [] : [`By city: ${cities}.`]),
    `Drivers under way: ${fleet.driversUnderWay}.`,
    alarms === "" ? "No alarms today." : `Alarms today: ${alarms}.`,
    ...(oldest === null
      ? []
      : [`Longest not heard of: ${oldest.plate ?? oldest.name ?? oldest.imei}, since ${oldest.contact_at}.`]),
    ...(fleet.neverHeardOf > 0 ? [`Never heard of: ${fleet.neverHeardOf}.`] : []),
    `Newest fix ${fleet.newestFixAt ?? "none"}, newest contact ${fleet.newestContactAt ?? "none"}.`,
    jobs.length === 0
      ? "All jobs that bring data are in time."
      : `Not in time: ${jobs.map(({ job, status }) => `${job} (${status})`).join(", ")}; figures may be behind.`,
  ].join(" ");
}

/** `fleet_now`: what a dispatcher would say when asked how things stand. */
export const fleetNow = defineTool({
  name: "fleet_now",
  title: "The fleet now",
  description:
    "How the fleet stands at this moment: vehicles by status and by city, drivers under way, alarms of today by class, who was longest not heard of, and how fresh the data are. `summary` says it in words. Of enabled vehicles that maps show; today is the day of the fleet's zone.",
  input: z.object({}),
  async run(_, { read }) {
    const asOf = toIso(nowMs());
    const [fleet] = await read<FleetNow>(selectFleetNow, [asOf, settings.silentAfterS, settings.staleAfterS]);
    if (!fleet) throw new Error("reporting.v_fleet has no row");
    const body = JSON.stringify({
      zone: fleet.zone,
      day: fleet.day,
      summary: summaryOf(fleet),
      vehicles: fleet.vehicles,
      by_status: fleet.byStatus,
      by_city: fleet.byCity,
      drivers_under_way: fleet.driversUnderWay,
      alarms_today_by_class: fleet.alarmsByClass,
      oldest_contact: fleet.oldestContact,
      never_heard_of: fleet.neverHeardOf,
      freshness: {
        newest_fix_at: fleet.newestFixAt,
        newest_contact_at: fleet.newestContactAt,
        jobs_not_ok: fleet.jobsNotOk,
      },
    });
    return { body, rowCount: null };
  },
});
