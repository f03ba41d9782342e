import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { ApiProblem } from "../../../shared/errors.ts";
import { checkRows, type GivenRow, type Problem, TOLD_COLUMN } from "../../../shared/tickets/check.ts";
import { OUR_OWNER, tableOf } from "../../../shared/tickets/table.ts";
import { type Target, targetOf } from "../../../shared/tickets/targets.ts";
import { type Outcome, writeRows } from "../../../shared/tickets/write.ts";
import { nowMs } from "../../../shared/time.ts";
import type { ApiContext, ApiEnv } from "../context.ts";
import { workOnDatabase } from "../database-work.ts";
import { readJsonBodyUpTo } from "../input-limits.ts";
import { exampleVehicle, notFoundAnswer, problemAnswers, problemsOf } from "../schemas.ts";
import { TICKET_KINDS, type TicketKind } from "./kinds.ts";
import { ticketParams } from "./schemas.ts";

const MOST_TICKETS = 500;

/** 2 KB each, several times what a ticket says. */
const MOST_BODY_BYTES = 1_000_000;

/** So many of the rows that are wrong tell what to mend. */
const SHOWN_PROBLEMS = 10;

/** So many vehicles tell that the wrong numbers were sent. */
const SHOWN_IMEIS = 100;

/** Columns by what they are called here. */
const COLUMNS = {
  number: "number",
  state: "state",
  priority: "priority",
  area: "area",
  lat: "lat",
  lng: "lng",
  openedAt: "opened_at",
  dueAt: "due_at",
  resolvedAt: "resolved_at",
  driver: "driver_name",
  imei: "imei",
  updatedAt: TOLD_COLUMN,
} as const;

const nameOf = (column: string): string =>
  Object.entries(COLUMNS).find(([, ours]) => ours === column)?.[0] ?? column;

const text = (description: string) => z.string().nullable().optional().openapi({ description });
const instant = z.iso
  .datetime({ offset: true, error: "must be an instant like 2026-01-15T08:30:00Z" })
  .openapi({ type: "string", format: "date-time" });
const maybe = (description: string) => instant.nullable().optional().openapi({ description });

const facts = {
  updatedAt: instant.openapi({
    description:
      "When it was so: the last change by the system that has the tickets. What is older than what is known changes nothing",
  }),
  openedAt: maybe("A new one needs it"),
  state: text("In the words of that system, as the next two. Longest of each text: 500 characters"),
  priority: text("Priority"),
  area: text("Area or site"),
  lat: z.number().nullable().optional().openapi({ description: "Its place, with lng" }),
  lng: z.number().nullable().optional(),
  dueAt: maybe("By when it is to be resolved"),
  resolvedAt: maybe("null, also once it was opened again, while it is not"),
  driver: text("Whom it is assigned to, as the vendor names them; capitals do not matter"),
  imei: text("Vehicle it is assigned to; may be one that nobody has heard of yet"),
};

const ticketBody = z.strictObject(facts).openapi("TicketBody");
const ticketsBody = z
  .strictObject({
    tickets: z
      .array(z.strictObject({ number: z.string(), ...facts }))
      .min(1)
      .max(MOST_TICKETS),
  })
  .openapi("TicketsBody");

const exampleBody = {
  updatedAt: "2026-01-15T07:45:00Z",
  openedAt: "2026-01-15T06:00:00Z",
  ...{ state: "Assigned", priority: "P2", area: "Westlands", lat: -1.2641, lng: 36.8045 },
  dueAt: "2026-01-15T10:00:00Z",
  ...{ resolvedAt: null, driver: exampleVehicle.driver },
};

const written = z
  .object({
    written: z.int().openapi({ description: "New, or changed" }),
    unchanged: z.int().openapi({ description: "As they are known" }),
    older: z.int().openapi({ description: "Older than what is known: left" }),
    unknownImeis: z.array(z.string()).openapi({
      description: `Vehicles among them that nobody has heard of, at most ${SHOWN_IMEIS}; kept all the same`,
    }),
  })
  .openapi("TicketsWritten", { example: { written: 1, unchanged: 0, older: 0, unknownImeis: [] } });

const RULES =
  "Asks for the scope `tickets:write`. What is left out stays, null clears. The same twice writes nothing the second time.";

const doorOf = ({ path }: TicketKind) => ({
  method: "put" as const,
  path,
  security: [{ key: [] }],
  middleware: readJsonBodyUpTo(MOST_BODY_BYTES),
  responses: {
    200: { description: "What was done", content: { "application/json": { schema: written } } },
    ...problemAnswers,
    ...problemsOf("belongs_elsewhere", "body_too_large"),
  },
});

/** `PUT /v1/tickets/…` and `PUT /v1/tickets/…/{number}`. */
export function writeTickets(api: OpenAPIHono<ApiEnv>): void {
  for (const kind of TICKET_KINDS) {
    const { path, one, many, example } = kind;
    const door = doorOf(kind);
    const oneRoute = createRoute({
      ...door,
      path: `${path}/{number}`,
      summary: `Adds or changes one ${one}`,
      description: RULES,
      responses: { ...notFoundAnswer, ...door.responses },
      request: {
        params: ticketParams(example),
        body: {
          required: true,
          content: { "application/json": { schema: ticketBody, example: exampleBody } },
        },
      },
    });
    api.openapi(oneRoute, async (c) => {
      const row = { number: c.req.valid("param").number, ...c.req.valid("json") };
      return c.json(await write(c, kind, [row], (_, reason) => reason), 200, NO_STORE);
    });

    const manyRoute = createRoute({
      ...door,
      summary: `Adds or changes ${many}, all or none`,
      description: `${RULES} At most ${MOST_TICKETS}; of several of the same number the newest counts. If one cannot be taken, none is: \`detail\` says which, counted from 0.`,
      request: {
        body: {
          required: true,
          content: {
            "application/json": {
              schema: ticketsBody,
              example: { tickets: [{ number: example, ...exampleBody }] },
            },
          },
        },
      },
    });
    api.openapi(manyRoute, async (c) => {
      const { tickets } = c.req.valid("json");
      return c.json(await write(c, kind, tickets, (place, reason) => `${place}: ${reason}`), 200, NO_STORE);
    });
  }
}

const NO_STORE = { "cache-control": "no-store" };

async function write(
  c: ApiContext,
  { target: name, many }: TicketKind,
  tickets: Record<string, unknown>[],
  say: (place: string, reason: string) => string,
): Promise<z.infer<typeof written>> {
  const options = { zone: undefined, nowMs: nowMs(), nameOf };
  const target = targetOf(name, options);
  const { rows, problems } = checkRows(target, tickets.map(givenRow), { ...options, exportedAt: undefined });
  refuse(problems, say);
  const outcome = await workOnDatabase(
    c,
    "It may be done already, and twice is harmless: send it again in a few seconds.",
    (sql) =>
      sql.begin(async (tx) => {
        await refuseForeign(tx, target, many);
        const outcome = await writeRows(tx, target, rows);
        refuse(outcome.problems, say);
        return outcome;
      }) as Promise<Outcome>,
  );
  const { new: added, changed, same, older } = outcome.written;
  const unknownImeis = outcome.unknownImeis.slice(0, SHOWN_IMEIS);
  return { written: added + changed, unchanged: same, older, unknownImeis };
}

/** A ticket as the rules take rows. */
function givenRow(ticket: Record<string, unknown>, index: number): GivenRow {
  const given = Object.entries(COLUMNS).filter(([name]) => ticket[name] !== undefined);
  return {
    place: `tickets.${index}`,
    values: new Map(given.map(([name, column]) => [column, ticket[name]])),
    // In one order, or the same would differ from itself.
    raw: Object.fromEntries(given.map(([name]) => [name, ticket[name]])),
  };
}

function refuse(problems: Problem[], say: (place: string, reason: string) => string): void {
  if (problems.length === 0) return;
  const shown = problems.slice(0, SHOWN_PROBLEMS).map(({ place, reason }) => say(place, reason));
  const rest = problems.length - shown.length;
  throw new ApiProblem("invalid_request", shown.join("; ") + (rest > 0 ? `; and ${rest} more` : ""));
}

/** @throws ApiProblem `belongs_elsewhere` where what would be written is not ours, or nobody would read it */
async function refuseForeign(
  tx: Parameters<typeof writeRows>[0],
  target: Target,
  many: string,
): Promise<void> {
  const table = await tableOf(tx, target);
  if (table === undefined || table.owner !== OUR_OWNER || !table.isRead) {
    throw new ApiProblem(
      "belongs_elsewhere",
      `The ${many} here are those of another system: write them there.`,
    );
  }
  if (!table.isWritable) {
    throw new ApiProblem(
      "belongs_elsewhere",
      `The ${many} are in a schema of another owner, who has not let this service in: grant usage on schema ${target.schema} to ingest_app.`,
    );
  }
}
