import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { app } from "../../../workers/api/app.ts";
import { deliver, locationItem, messageOf } from "../writer/deliver.ts";
import { admin, makeKey, ORIGIN } from "./caller.ts";
import { expectDocumented } from "./document.ts";

interface Metrics {
  at: string;
  metrics: { name: string; help: string; samples: { labels: Record<string, string>; value: number }[] }[];
}

it("has what the text for Prometheus has", async () => {
  await deliver([messageOf("location", [locationItem("nobody")])]);
  const asAdmin = await admin();
  const response = await asAdmin("/v1/metrics");
  expect(response.headers.get("cache-control")).toBe("no-store");
  const { at, metrics } = await expectDocumented<Metrics>("/v1/metrics", response);
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  const text = await (await asAdmin("/metrics")).text();
  const inText = [...text.matchAll(/^# TYPE tracksolid_([a-z_]+) gauge$/gm)].map((found) => found[1]);
  const withFigures = metrics.filter(({ samples }) => samples.length > 0).map(({ name }) => name);
  // A method of the vendor is open to other tests too.
  const stable = (names: (string | undefined)[]) => names.filter((name) => name !== "vendor_pause_seconds");
  expect(stable(withFigures)).toEqual(stable(inText));
  const up = metrics.find(({ name }) => name === "up")?.samples;
  expect(up).toContainEqual({ labels: { part: "database" }, value: 1 });
  const received = metrics.find(({ name }) => name === "items_received_last_hour")?.samples;
  expect(received?.find(({ labels }) => labels.job === "writer")?.value).toBeGreaterThanOrEqual(1);
});

it("answers while the database is away, and says so", async () => {
  const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
  const away = { connectionString: "postgres://nobody:x@127.0.0.1:1/none" };
  const bindings = { ...env, DB_READ: away, DB_INGEST: away } as unknown as Env;
  const request = new Request(`${ORIGIN}/v1/metrics`, { headers });
  const response = await app.fetch(request, bindings, createExecutionContext());
  const { metrics } = await expectDocumented<Metrics>("/v1/metrics", response);
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.samples;
  expect(of("up")).toContainEqual({ labels: { part: "database" }, value: 0 });
  expect(of("newest_fix_age_seconds")).toEqual([]);
  expect(of("queue_backlog_messages")).toHaveLength(1);
});
