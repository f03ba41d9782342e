import type { Status } from "./status.ts";

/** Which vehicles a caller wants; an absent filter means any. */
export interface LiveFilter {
  imei?: string[] | undefined;
  account?: string[] | undefined;
  city?: string[] | undefined;
  segment?: string[] | undefined;
  vehicleType?: string[] | undefined;
  /** Whatever their spaces, dashes and case. */
  plate?: string[] | undefined;
  /** Who drives now. */
  driver?: string[] | undefined;
  status?: Status[] | undefined;
  /** Part of plate, name, driver or IMEI, in any case. */
  part?: string | undefined;
  /** West, south, east, north in degrees; west > east crosses the date line. */
  bbox?: readonly [number, number, number, number] | undefined;
}

/** Whether a filter lets everything pass. */
export const isEmpty = (filter: LiveFilter) => Object.values(filter).every((value) => value === undefined);

/** What is asked of the live map. */
export interface LiveQuery {
  form: "geojson" | "columns";
  /** In `columns`: with the registry of each vehicle. */
  registry: boolean;
  filter: LiveFilter;
  /** Versions that the caller holds already, or any. */
  known: string[] | "any";
  encoding: Encoding;
}

/** How a body may be compressed. */
export type Encoding = "br" | "gzip" | "identity";

/** What it answers: a body in JSON, or that the caller's version still stands. */
export type LiveAnswer =
  | { kind: "body"; version: string; body: Uint8Array }
  | { kind: "unchanged"; version: string };
