import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectMapFilters from "#sql/workers/api/map-filters.sql";
import { answerUnlessCurrent } from "./conditional.ts";
import type { ApiEnv } from "./context.ts";
import { PAGE_TYPES } from "./pages.ts";
import { problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";

/** More values than anybody chooses from. */
export const MOST_LISTED = 1_000;

/** A list of values with how many vehicles have each. */
export const valuesOf = (description: string) =>
  z.array(z.object({ value: z.string(), vehicles: z.int() })).openapi({ description });

/** Values of vehicles that filters name. */
export const filterValues = {
  vehicles: z.int().openapi({ description: "How many there are" }),
  accounts: valuesOf("`account`"),
  cities: valuesOf("`city`"),
  segments: valuesOf("`segment`"),
  vehicleTypes: valuesOf("`vehicle_type`"),
  plates: valuesOf("`plate`"),
};

export const exampleValues = {
  vehicles: 150,
  accounts: [{ value: "fireside", vehicles: 150 }],
  cities: [
    { value: "Nairobi", vehicles: 96 },
    { value: "Mombasa", vehicles: 54 },
  ],
  segments: [{ value: "installation", vehicles: 88 }],
  vehicleTypes: [{ value: "van", vehicles: 120 }],
  plates: [{ value: "KDA 123A", vehicles: 1 }],
};

const mapFiltersAnswer = z.object(filterValues).openapi("MapFilters", { example: exampleValues });

const route = createRoute({
  method: "get",
  path: "/v1/filters",
  summary: "By what the vehicles of the map can be filtered",
  description: `Values of vehicles that are enabled and not hidden, the most frequent first, at most ${MOST_LISTED} of each. Those of a period, also drivers and alarms, are at /v1/analytics/filters. Ask again with \`If-None-Match\`: 304 while nothing changed.`,
  security: [{ key: [] }],
  responses: {
    200: { description: "The values", content: { "application/json": { schema: mapFiltersAnswer } } },
    304: { description: "Your copy still stands" },
    ...problemAnswers,
  },
});

/** `GET /v1/filters`. */
export function mapFilters(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const body = await selectBody(askerOf(c), selectMapFilters, [MOST_LISTED]);
    return answerUnlessCurrent(c, body ?? "", PAGE_TYPES.json, "private, no-cache") as never;
  });
}
