import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type postgres from "postgres";
import selectGeofences from "#sql/workers/api/geofences/geofences.sql";
import { sqlState } from "../../../shared/database.ts";
import { ApiProblem } from "../../../shared/errors.ts";
import type { Geofence } from "../../../shared/geofences/properties.ts";
import {
  addGeofences,
  changeGeofences,
  geometryProblems,
  removeGeofence,
} from "../../../shared/geofences/write.ts";
import { knownTags } from "../conditional.ts";
import type { ApiContext, ApiEnv } from "../context.ts";
import { workOnDatabase } from "../database-work.ts";
import { readJsonBodyUpTo } from "../input-limits.ts";
import { notFoundAnswer, problemAnswers, problemsOf } from "../schemas.ts";
import { answerOne, noGeofence, type OneGeofence, only, REVISION_HEADERS } from "./one.ts";
import { exampleBody, geofence, geofenceBody, geofenceParams } from "./schemas.ts";

/** 20,000 positions, the most that the database takes, with all the digits that a program writes. */
const MOST_BODY_BYTES = 1_000_000;

const REMEDY = "It may be done already, and twice is harmless: read it, or send it again in a few seconds.";

const UNIQUE_VIOLATION = "23505";

/** Of positions that differ by less than any number can say. */
const UNCOUNTABLE = /^22003|^22012/;

const body = {
  required: true,
  content: { "application/json": { schema: geofenceBody, example: exampleBody } },
};

const ifMatch = z.object({
  "if-match": z.string().max(1_000).optional().openapi({
    description: "`ETag` that the change is made to; `*` or absent: whatever it is",
    example: "*",
  }),
});

const writing = {
  security: [{ key: [] }],
  middleware: readJsonBodyUpTo(MOST_BODY_BYTES),
};

const DERIVED =
  "Visits are computed within minutes, for the whole past of which positions are kept; until then some are missing.";

const addRoute = createRoute({
  ...writing,
  method: "post",
  path: "/v1/geofences",
  summary: "Adds a geofence",
  description: `Asks for the scope \`geofences:write\`. ${DERIVED}`,
  request: { body },
  responses: {
    201: {
      description: "It is there",
      headers: {
        ...REVISION_HEADERS,
        Location: { description: "Where", schema: { type: "string", example: "/v1/geofences/7" } },
      },
      content: { "application/json": { schema: geofence } },
    },
    ...problemAnswers,
    ...problemsOf("conflict", "body_too_large"),
  },
});

const changeRoute = createRoute({
  ...writing,
  method: "put",
  path: "/v1/geofences/{id}",
  summary: "Changes a geofence",
  description: `Asks for the scope \`geofences:write\`. The same twice changes nothing. With another shape, \`rejoinS\` or \`enabled\` its visits are taken away and computed anew; those whose positions are no longer kept do not come back. ${DERIVED}`,
  request: { params: geofenceParams, headers: ifMatch, body },
  responses: {
    200: {
      description: "As it is now",
      headers: REVISION_HEADERS,
      content: { "application/json": { schema: geofence } },
    },
    ...notFoundAnswer,
    ...problemAnswers,
    ...problemsOf("conflict", "changed_meanwhile", "body_too_large"),
  },
});

const removeRoute = createRoute({
  method: "delete",
  path: "/v1/geofences/{id}",
  summary: "Removes a geofence, with its visits",
  description:
    "Asks for the scope `geofences:write`. Visits are made of positions: added again, a geofence gets them back as far as positions are kept.",
  security: [{ key: [] }],
  request: { params: geofenceParams, headers: ifMatch },
  responses: {
    200: {
      description: "It is gone",
      content: {
        "application/json": {
          schema: z
            .object({ visits: z.int().openapi({ description: "How many went with it" }) })
            .openapi("GeofenceRemoved", { example: { visits: 12 } }),
        },
      },
    },
    ...notFoundAnswer,
    ...problemAnswers,
    ...problemsOf("changed_meanwhile"),
  },
});

/** `POST /v1/geofences`, `PUT` and `DELETE /v1/geofences/{id}`. */
export function changeGeofence(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(addRoute, async (c) => {
    const fence = c.req.valid("json");
    const [id, row] = await write(c, async (tx) => {
      await refuseBadShape(tx, fence);
      const [added] = await addGeofences(tx, [fence]);
      if (added === undefined) throw nameTaken();
      return [added.id, await readOne(tx, added.id)] as const;
    });
    return answerOne(row, id, 201, { location: `/v1/geofences/${id}` }) as never;
  });

  api.openapi(changeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const fence = c.req.valid("json");
    const row = await write(c, async (tx) => {
      await requireUnchanged(tx, id, c.req.valid("header")["if-match"]);
      await refuseBadShape(tx, fence);
      await changeGeofences(tx, "id", [{ ...fence, id }]).catch((error) => {
        throw sqlState(error) === UNIQUE_VIOLATION ? nameTaken() : error;
      });
      return readOne(tx, id);
    });
    return answerOne(row, id) as never;
  });

  api.openapi(removeRoute, async (c) => {
    const { id } = c.req.valid("param");
    const visits = await write(c, async (tx) => {
      await requireUnchanged(tx, id, c.req.valid("header")["if-match"]);
      return removeGeofence(tx, { id });
    });
    if (visits === null) throw noGeofence(id);
    return c.json({ visits }, 200, { "cache-control": "no-store" });
  });
}

/** Does it in one transaction. */
const write = <Done>(c: ApiContext, work: (tx: postgres.TransactionSql) => Promise<Done>): Promise<Done> =>
  workOnDatabase(c, REMEDY, async (sql) => {
    try {
      return (await sql.begin(work)) as Done;
    } catch (error) {
      if (!UNCOUNTABLE.test(sqlState(error) ?? "")) throw error;
      throw new ApiProblem("invalid_request", "geometry: its numbers cannot be computed with", {}, error);
    }
  });

async function readOne(tx: postgres.TransactionSql, id: number): Promise<OneGeofence | undefined> {
  const [row] = await tx.unsafe<OneGeofence[]>(selectGeofences, only(id), { prepare: true });
  return row;
}

async function refuseBadShape(tx: postgres.TransactionSql, fence: Geofence): Promise<void> {
  const [bad] = await geometryProblems(tx, [fence]);
  if (bad !== undefined) throw new ApiProblem("invalid_request", `geometry: ${bad.problem}`);
}

/** Holds the geofence for this transaction. @throws ApiProblem where it is gone, or not as the caller knows it */
async function requireUnchanged(
  tx: postgres.TransactionSql,
  id: number,
  ifMatch: string | undefined,
): Promise<void> {
  const [row] = await tx<{ revision: string }[]>`
    select (extract(epoch from changed_at) * 1000000)::bigint::text as revision
    from tracksolid.geofences where geofence_id = ${id} for update`;
  if (row === undefined) throw noGeofence(id);
  if (ifMatch === undefined) return;
  const known = knownTags(ifMatch);
  if (known !== "any" && !known.includes(row.revision)) {
    throw new ApiProblem("changed_meanwhile", `The geofence ${id} is not as you know it: read it again.`);
  }
}

const nameTaken = () => new ApiProblem("conflict", "name: another geofence has it.");
