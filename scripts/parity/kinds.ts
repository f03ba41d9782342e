import type { FormName } from "./forms.ts";

/** A column by its name here, with those that earlier systems may have given it. */
export interface Column {
  name: string;
  also?: string[];
  form: FormName;
}

/** Facts of vehicles at instants, a table of the schema `tracksolid`. */
export interface Kind {
  table: string;
  /** The column that says when. */
  time: string;
  /** What makes two facts of a vehicle at an instant equal, as far as both databases have it. */
  compared: Column[];
  /** The one of them that is null while a fact lasts, when nothing else of it is settled. */
  end?: string;
  /** What is shown beside it, of the side that has it. */
  shown: Column[];
}

/** Names of sources are missing: each system has its own words. */
export const KINDS: Kind[] = [
  {
    table: "trips",
    time: "start_time",
    compared: [
      { name: "end_time", form: "instant" },
      { name: "distance_km", form: "km" },
      { name: "driving_time_s", form: "number" },
    ],
    shown: [],
  },
  {
    table: "alarms",
    time: "alarm_time",
    compared: [{ name: "alarm_type", form: "word" }],
    shown: [{ name: "alarm_name", form: "word" }],
  },
  {
    table: "parking_events",
    time: "start_time",
    compared: [
      { name: "end_time", form: "instant" },
      { name: "duration_s", also: ["duration_seconds"], form: "number" },
    ],
    end: "end_time",
    shown: [],
  },
  {
    table: "position_history",
    time: "gps_time",
    compared: [
      { name: "lat", also: ["latitude"], form: "degrees" },
      { name: "lng", also: ["lon", "longitude"], form: "degrees" },
    ],
    shown: [{ name: "source", form: "word" }],
  },
];

/** Every table that a database of this kind has. */
export const TABLES = ["devices", ...KINDS.map(({ table }) => table)];
