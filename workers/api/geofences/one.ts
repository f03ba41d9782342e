import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type postgres from "postgres";
import selectGeofences from "#sql/workers/api/geofences/geofences.sql";
import { ApiProblem } from "../../../shared/errors.ts";
import type { ApiEnv } from "../context.ts";
import { notFoundAnswer, problemAnswers } from "../schemas.ts";
import { askerOf, select } from "../select.ts";
import { answerUnkept } from "../unkept.ts";
import { geofence, geofenceParams } from "./schemas.ts";

/** A geofence as JSON text, and what changes whenever it does. */
export interface OneGeofence extends postgres.Row {
  entries: string;
  revision: string | null;
}

/** Parameters of the statement of the list for one alone. */
export const only = (id: number) => [0, 1, false, id, null, null, true, null, 0];

/** Headers of an answer that is one geofence. */
export const REVISION_HEADERS = {
  ETag: {
    description: "Send it as `If-Match` with a change: it is refused if somebody else was first",
    schema: { type: "string" as const, example: '"1768465800000000"' },
  },
};

/** An answer that is one geofence. @throws ApiProblem `not_found` where it is none */
export function answerOne(
  row: OneGeofence | undefined,
  id: number,
  status: 200 | 201 = 200,
  headers: Record<string, string> = {},
): Response {
  if (row === undefined || row.revision === null) throw noGeofence(id);
  return answerUnkept(row.entries.slice(1, -1), { ...headers, etag: `"${row.revision}"` }, status);
}

export const noGeofence = (id: number) => new ApiProblem("not_found", missing(id));

export const missing = (id: number) => `There is no geofence ${id}.`;

const route = createRoute({
  method: "get",
  path: "/v1/geofences/{id}",
  summary: "One geofence",
  security: [{ key: [] }],
  request: { params: geofenceParams },
  responses: {
    200: {
      description: "The geofence",
      headers: REVISION_HEADERS,
      content: { "application/json": { schema: geofence } },
    },
    ...notFoundAnswer,
    ...problemAnswers,
  },
});

/** `GET /v1/geofences/{id}`. */
export function oneGeofence(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const [row] = await select<OneGeofence>(askerOf(c), selectGeofences, only(id));
    return answerOne(row, id) as never;
  });
}
