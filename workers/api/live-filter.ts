import { z } from "@hono/zod-openapi";
import type { LiveFilter } from "../../shared/live/query.ts";
import { STATUSES } from "../../shared/live/status.ts";
import { anyOf, contains, LIST_HINT, readDecimal } from "./filters.ts";
import { vehicleNowFilterQuery } from "./vehicle-filter.ts";

/** Query parameters that choose vehicles of the live map. */
export const liveFilterQuery = z.object({
  ...vehicleNowFilterQuery,
  status: anyOf(z.enum(STATUSES)).openapi({ description: LIST_HINT, example: "moving,idling" }),
  q: contains.openapi({ description: "Part of plate, name, driver or IMEI", example: "KDA" }),
});

/** `west,south,east,north`. */
export const bboxQuery = z
  .string()
  .transform((text, context): [number, number, number, number] => {
    const box = text.split(",").map(readDecimal) as [number, number, number, number];
    const [west, south, east, north] = box;
    const inside =
      Math.abs(west) <= 180 && Math.abs(east) <= 180 && Math.abs(south) <= 90 && Math.abs(north) <= 90;
    if (box.length === 4 && inside && south <= north) return box;
    context.addIssue("must be west,south,east,north in degrees, e.g. 36.6,-1.5,37.1,-1.1");
    return z.NEVER;
  })
  .optional()
  .openapi({
    type: "string",
    description: "west,south,east,north in degrees",
    example: "36.6,-1.5,37.1,-1.1",
  });

/** The filter that the live map takes. */
export function liveFilter(query: z.output<typeof liveFilterQuery>): LiveFilter {
  const { vehicle_type: vehicleType, q: part, ...same } = query;
  return { ...same, vehicleType, part };
}
