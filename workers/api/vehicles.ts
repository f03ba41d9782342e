import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import selectVehicles from "#sql/workers/api/vehicles.sql";
import { answerUnlessCurrent } from "./conditional.ts";
import type { ApiEnv } from "./context.ts";
import { contains, likePattern, readDecimal } from "./filters.ts";
import { PAGE_TYPES } from "./pages.ts";
import { exampleVehicle, nextPage, problemAnswers } from "./schemas.ts";
import { askerOf, selectBody } from "./select.ts";
import { vehicleFilter, vehicleNowFilterQuery } from "./vehicle-filter.ts";

const query = z.object({
  ...vehicleNowFilterQuery,
  q: contains.openapi({ description: "Part of plate, name, driver or IMEI", example: "KDA" }),
  enabled: z
    .enum(["true", "all"])
    .default("true")
    .openapi({ description: "`all` adds devices that no account lists any more", example: "all" }),
  limit: z
    .string()
    .default("500")
    .transform(readDecimal)
    .pipe(z.int().min(1).max(1_000))
    .openapi({ type: "integer", minimum: 1, maximum: 1_000, default: 500, example: 100 }),
  after: z
    .string()
    .regex(/^\d{14,17}$/, "must be the `next` of the page before")
    .optional()
    .openapi({ description: "`next` of the page before", example: "860000000000000" }),
});

const vehicleList = z
  .object({
    vehicles: z.array(
      z.object({
        imei: z.string(),
        name: z.string().nullable(),
        plate: z.string().nullable(),
        driver: z.string().nullable(),
        account: z.string().nullable(),
        city: z.string().nullable(),
        segment: z.string().nullable(),
        vehicleType: z.string().nullable(),
        model: z.string().nullable(),
        enabled: z.boolean(),
        expiresAt: z.iso.datetime().nullable().openapi({ description: "End of the vendor subscription" }),
      }),
    ),
    next: nextPage,
  })
  .openapi("VehicleList", {
    example: {
      vehicles: [{ ...exampleVehicle, enabled: true, expiresAt: "2027-01-15T00:00:00Z" }],
      next: null,
    },
  });

const route = createRoute({
  method: "get",
  path: "/v1/vehicles",
  summary: "The registry, a page at a time",
  description: "Ask again with `If-None-Match`: 304 while nothing changed.",
  security: [{ key: [] }],
  request: { query },
  responses: {
    200: {
      description: "A page in the order of IMEIs",
      content: { "application/json": { schema: vehicleList } },
    },
    304: { description: "Your copy still stands" },
    ...problemAnswers,
  },
});

/** `GET /v1/vehicles`: keyset pages over the IMEI. */
export function vehicles(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { q, enabled, limit, after, ...filter } = c.req.valid("query");
    const { vehicles, drivers } = vehicleFilter(filter);
    const body = await selectBody(askerOf(c), selectVehicles, [
      ...[after ?? "", limit, vehicles, drivers],
      ...[likePattern(q), enabled === "all"],
    ]);
    return answerUnlessCurrent(c, body ?? "", PAGE_TYPES.json, "private, no-cache") as never;
  });
}
