import { z } from "@hono/zod-openapi";
import { INSIGHT_KINDS, SEVERITIES } from "../../insights/kinds.ts";
import { anyOf, LIST_HINT } from "../filters.ts";
import { exampleVehicle } from "../schemas.ts";

/** How far an explanation may reach, days: what nobody has looked at for a year is told again. */
export const LONGEST_EXPLANATION_DAYS = 366;

export const VERDICTS = ["confirmed", "explained", "wrong"] as const;
export const REACHES = ["this", "subject-and-kind"] as const;

/** An id of an insight: its day, its kind and a hash of its subject. */
export const insightIdText = z
  .string()
  .regex(/^2[01]\d\d-\d\d-\d\d-[a-z_]{1,40}-[0-9a-f]{32}$/, "must be the `id` of an insight")
  .refine((id) => z.iso.date().safeParse(id.slice(0, 10)).success, "must be the `id` of an insight");

export const exampleInsightId = "2026-01-15-idling-2b1d7f0a5e3c4896a1b2c3d4e5f60718";
export const exampleRemarkId = "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e56";

export const kindsFilter = anyOf(z.enum(INSIGHT_KINDS)).openapi({
  description: `${LIST_HINT}, of: ${INSIGHT_KINDS.join(", ")}`,
  example: "idling,silent",
});

export const kind = z.enum(INSIGHT_KINDS).openapi({
  description: "What it is about: docs/insights.md has the rules. New ones may come",
  "x-extensible-enum": true,
});

export const severity = z.enum(SEVERITIES);

export const subject = z.object({
  type: z.enum(["vehicle", "driver", "ticket"]),
  id: z.string().openapi({ description: "IMEI, name of the driver, or kind and number of the ticket" }),
  name: z.string().openapi({ description: "What people call it" }),
});

export const exampleSubject = {
  type: "vehicle",
  id: exampleVehicle.imei,
  name: exampleVehicle.plate,
} as const;

export const remarkFields = {
  id: z.string(),
  insightId: z.string(),
  verdict: z.enum(VERDICTS),
  note: z.string(),
  until: z.iso
    .date()
    .nullable()
    .openapi({ description: "Last day of an explanation of more than one insight" }),
  appliesTo: z.enum(REACHES),
  by: z.string().openapi({ description: "Id of the key that wrote it" }),
  at: z.iso.datetime(),
};

export const exampleRemark = {
  id: exampleRemarkId,
  insightId: exampleInsightId,
  verdict: "explained",
  note: "Cooling unit runs on the engine until the new one is fitted",
  until: "2026-01-31",
  appliesTo: "subject-and-kind",
  by: "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e57",
  at: "2026-01-16T06:30:00Z",
} as const;

export const insightRemark = z.object(remarkFields).openapi("InsightRemark", { example: exampleRemark });
