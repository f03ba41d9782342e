import type { Entries } from "./entry.ts";
import { drivers } from "./examples/drivers.ts";
import { facts } from "./examples/facts.ts";
import { fuel } from "./examples/fuel.ts";
import { insights } from "./examples/insights.ts";
import { now } from "./examples/now.ts";
import { pipeline } from "./examples/pipeline.ts";
import { places } from "./examples/places.ts";
import { tickets } from "./examples/tickets.ts";
import { use } from "./examples/use.ts";

/** All that the catalogue adds to the comments of the database. What it is about, a test holds it to. */
export const entries: Entries = {
  ...now,
  ...use,
  ...drivers,
  ...places,
  ...tickets,
  ...fuel,
  ...insights,
  ...pipeline,
  ...facts,
};

/** Functions of `reporting` that views, other functions and the API are made of: nothing an analyst would begin with. */
export const MACHINERY: readonly string[] = [
  "fn_chosen_vehicles",
  "fn_fuel_unit",
  "fn_iso",
  "fn_json_word",
  "fn_last_run",
  "fn_place_word",
  "fn_read_cursor",
  "fn_revision",
  "fn_shift",
  "fn_ticket_vehicles",
  "fn_timescale_jobs",
  "fn_url_word",
  "fn_visit",
];
