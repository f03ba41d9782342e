import selectVocabulary from "#sql/workers/analyst/catalogue/vocabulary.sql";
import type { Status } from "../../../shared/live/status.ts";
import { nowMs, toIso } from "../../../shared/time.ts";
import type { Resource } from "./resource.ts";

/** As `reporting.fn_live_positions` tells them, in the order of looking for one. */
const STATUS_MEANINGS: Record<Status, string> = {
  silent: "nothing heard of it for 24 h",
  moving: "over 3 km/h, fix at most 10 min old",
  idling: "standing with the ignition on, heard of within 10 min",
  parked: "ignition off, or unknown while it stands",
  unknown: "never a fix; or under way or with the ignition on when last seen, more than 10 min ago",
};

/** `vocabulary://fleet`. */
export const vocabulary: Resource = {
  uri: "vocabulary://fleet",
  name: "vocabulary",
  title: "The fleet's values",
  description:
    "What columns have in them: accounts, cities, segments and vehicle types with their vehicles, the fleet's zone and today, statuses, alarm classes and codes with counts of 30 days, kinds of insights, ticket kinds and states. Look here before filtering by a name.",
  mimeType: "application/json",
  async read({ read }) {
    const [row] = await read<{ body: string }>(selectVocabulary, [
      toIso(nowMs()),
      JSON.stringify(STATUS_MEANINGS),
    ]);
    if (!row) throw new Error("reporting.v_fleet has no row");
    return row.body;
  },
};
