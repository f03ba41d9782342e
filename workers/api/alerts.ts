import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { alertDesk } from "../../durable-objects/alert-desk/index.ts";
import { alertConfig } from "../../shared/alert-config.ts";
import { reportAndWait } from "../../shared/failure-reports.ts";
import { newId } from "../../shared/ids.ts";
import { ALERT_RULES, AUDIENCES, ruleOf } from "../alerts/rules.ts";
import type { ApiEnv } from "./context.ts";
import { problemAnswers } from "./schemas.ts";

const targets = z.array(
  z.object({
    kind: z.enum(["webhook", "slack", "teams"]),
    host: z.string(),
    audience: z.enum(AUDIENCES).nullable().openapi({ description: "null: hears of all" }),
    waiting: z.int().openapi({ description: "Events it has yet to be told" }),
    failures: z.int().openapi({ description: "Tries in a row that it did not take" }),
    reason: z.string().nullable().openapi({ description: "Why the last of them failed" }),
  }),
);

const exampleTarget = {
  ...{ kind: "slack" as const, host: "hooks.slack.com", audience: "operations" as const },
  ...{ waiting: 0, failures: 0, reason: null },
};

const standing = z
  .object({
    evaluatedAt: z.iso.datetime().nullable().openapi({ description: "When the rules were last looked at" }),
    alerts: z.array(
      z.object({
        id: z.string(),
        rule: z.string().openapi({ description: "docs/alerts.md says what it means and what to do" }),
        subject: z.string().openapi({ description: "Of which: a job, a vehicle; empty where there is one" }),
        title: z.string(),
        text: z.string(),
        severity: z.enum(["critical", "warning"]),
        audience: z
          .enum(AUDIENCES)
          .nullable()
          .openapi({ description: "Who is told: targets with this audience, and those with none" }),
        since: z.iso.datetime(),
      }),
    ),
    targets,
  })
  .openapi("Alerts", {
    example: {
      evaluatedAt: "2026-01-15T08:30:02.000Z",
      alerts: [
        {
          id: "019bc0d2-0000-7c44-9d2a-3f6f0c7a1e55",
          ...{ rule: "ingest_late", subject: "trips", title: ALERT_RULES.ingest_late.title },
          text: "trips last succeeded 52 min ago (quota)",
          ...{ severity: "critical", audience: "operations" },
          since: "2026-01-15T08:10:02.000Z",
        },
      ],
      targets: [exampleTarget],
    },
  });

const tested = z
  .object({
    targets,
    errorReport: z.enum(["sent", "failed", "off"]).openapi({
      description: "Of an error that was made for this; off: SENTRY_DSN is empty",
    }),
    errorReportReason: z.string().nullable(),
  })
  .openapi("AlertsTest", {
    example: { targets: [exampleTarget], errorReport: "sent", errorReportReason: null },
  });

const listRoute = createRoute({
  method: "get",
  path: "/v1/alerts",
  summary: "What is wrong now, and who was told",
  security: [{ key: [] }],
  responses: {
    200: {
      description: "Alerts that stand, oldest first",
      content: { "application/json": { schema: standing } },
    },
    ...problemAnswers,
  },
});

const testRoute = createRoute({
  method: "post",
  path: "/v1/alerts/test",
  summary: "Tells every target that this is a test, and reports an error",
  description:
    "Waits for what becomes of both. A target that does not take it is told again, as of any alert.",
  security: [{ key: [] }],
  responses: {
    200: { description: "What became of it", content: { "application/json": { schema: tested } } },
    ...problemAnswers,
  },
});

/** `GET /v1/alerts` and `POST /v1/alerts/test`, for keys with the scope `admin`. */
export function alerts(api: OpenAPIHono<ApiEnv>): void {
  api.openapi(listRoute, async (c) => {
    // Here it says what is wrong with it.
    alertConfig(c.env);
    const { evaluatedAt, alerts, targets } = await alertDesk(c.env).status();
    const described = alerts.map((alert) => {
      // A rule that a newer Worker told of has no more to say.
      const { title = alert.rule, severity = "warning", audience = null } = ruleOf(alert.rule) ?? {};
      return { ...alert, title, severity, audience };
    });
    return c.json({ evaluatedAt, alerts: described, targets }, 200, { "cache-control": "no-store" });
  });

  api.openapi(testRoute, async (c) => {
    alertConfig(c.env);
    const [targets, report] = await Promise.all([
      alertDesk(c.env).test(),
      reportAndWait(c.env, {
        event: "alerts_test",
        error: new Error("This is a test: nothing is wrong"),
        alike: [],
        tags: { test: newId() },
      }),
    ]);
    return c.json({ targets, ...report }, 200, { "cache-control": "no-store" });
  });
}
