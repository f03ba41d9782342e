import { pollAlarms } from "../poll-alarms.ts";
import { pollObd } from "../poll-obd.ts";
import { pollParking } from "../poll-parking.ts";
import { pollTracks } from "../poll-tracks.ts";
import { pollTrips } from "../poll-trips.ts";
import type { JobName } from "../schedule.ts";
import type { WindowedJob } from "./window.ts";

/** Jobs whose runs are cut into windows. */
export const WINDOWED_JOBS = {
  trips: pollTrips,
  parking: pollParking,
  tracks: pollTracks,
  alarms: pollAlarms,
  obd: pollObd,
} as const satisfies Partial<Record<JobName, WindowedJob>>;

export type WindowedJobName = keyof typeof WINDOWED_JOBS;

/** Whether the runs of a job are cut into windows. */
export function isWindowed(job: string): job is WindowedJobName {
  return Object.hasOwn(WINDOWED_JOBS, job);
}
