import { z } from "@hono/zod-openapi";
import { PROBLEM_CODES, PROBLEMS, type ProblemCode, problemType } from "../../shared/errors.ts";
import { STATUSES } from "../../shared/live/status.ts";
import { imeiText } from "./filters.ts";

export const imeiParameter = imeiText.openapi({
  param: { name: "imei", in: "path" },
  example: "860000000000001",
});

/** Where the page after this one begins. */
export const nextPage = z
  .string()
  .nullable()
  .openapi({ description: "Send it as `after` for the next page; null at the end" });

const instant = z.iso.datetime().nullable();

/** A vehicle as the map shows it. */
export const liveProperties = z
  .object({
    imei: z.string(),
    name: z.string().nullable().openapi({ description: "Device name, free text of the vendor" }),
    plate: z.string().nullable(),
    driver: z.string().nullable(),
    account: z.string().nullable(),
    city: z.string().nullable(),
    segment: z.string().nullable(),
    vehicleType: z.string().nullable(),
    model: z.string().nullable(),
    status: z.enum(STATUSES).openapi({
      description:
        "moving: over 3 km/h, fix at most 10 min old. idling: standing, ignition on, heard of within 10 min. parked: ignition off. silent: not heard of for 24 h. unknown: never a fix; or under way or with the ignition on when last seen, more than 10 min ago",
    }),
    online: z.boolean().nullable(),
    ignition: z.boolean().nullable(),
    speedKmh: z.number().nullable(),
    headingDeg: z.number().nullable().openapi({ description: "Degrees from north" }),
    fixAt: instant.openapi({ description: "Time of the position" }),
    contactAt: instant.openapi({ description: "Last heartbeat; a parked vehicle's is newer than its fix" }),
    satellites: z.number().nullable(),
    odometerKm: z.number().nullable(),
    batteryPercent: z.number().nullable(),
    externalVoltageV: z.number().nullable(),
  })
  .openapi("LiveProperties");

/** What the examples of the document show: one vehicle on its way through Nairobi. */
export const exampleVehicle = {
  imei: "860000000000001",
  name: "KDA 123A",
  plate: "KDA 123A",
  driver: "Wanjiku Kamau",
  account: "fireside",
  city: "Nairobi",
  segment: "installation",
  vehicleType: "van",
  model: "GT06N",
};

/** The run that brought its position. */
export const exampleReceipt = "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55";

export const exampleProperties = {
  ...exampleVehicle,
  status: "moving",
  online: true,
  ignition: true,
  speedKmh: 42,
  headingDeg: 270,
  fixAt: "2026-01-15T08:30:00Z",
  contactAt: "2026-01-15T08:30:05Z",
  satellites: 11,
  odometerKm: 48211.4,
  batteryPercent: 100,
  externalVoltageV: 13.8,
} satisfies z.input<typeof liveProperties>;

export const problem = z
  .object({
    type: z.url().openapi({ description: "Where the code is described" }),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES).openapi({
      description: "Stable: programs may switch over it. New ones may come",
      "x-extensible-enum": true,
    }),
    detail: z.string().openapi({ description: "For people: what is wrong and what to do" }),
    requestId: z.string().openapi({ description: "As in the header X-Request-Id; quote it in a report" }),
  })
  .openapi("Problem");

/** A problem as an example of its code shows it. */
export const exampleProblem = (code: ProblemCode) => ({
  type: problemType("https://api.example.com", code),
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  code,
  detail: PROBLEMS[code].remedy,
  requestId: "019bc0d2-5b1c-7c44-9d2a-3f6f0c7a1e55",
});

interface DocumentedAnswer {
  description: string;
  content: Record<string, { schema: z.ZodType; examples: Record<string, { $ref: string }> }>;
}

/** Documents the answers that are these problems: one per status, with an example of each code. */
export function problemsOf(...codes: ProblemCode[]): Record<string, DocumentedAnswer> {
  const statuses = [...new Set(codes.map((code) => PROBLEMS[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const here = codes.filter((code) => PROBLEMS[code].status === status);
      const description = here.map((code) => PROBLEMS[code].title).join("; ");
      const examples = Object.fromEntries(
        here.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
      );
      return [
        status,
        { description, content: { "application/problem+json": { schema: problem, examples } } },
      ];
    }),
  );
}

/** The problems every route behind a key and in front of the database can answer with. */
export const problemAnswers = problemsOf(
  "invalid_request",
  "key_required",
  "key_unknown",
  "key_expired",
  "origin_not_allowed",
  "scope_missing",
  "too_many_requests",
  "sign_in_unavailable",
  "database_unavailable",
);

export const tooManyAnswer = problemsOf("too_many_requests");

export const notFoundAnswer = problemsOf("not_found");
