import { expect, inject, it } from "vitest";
import { startCollector } from "../setup/collector.ts";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { startStack } from "../setup/harness.ts";

const TICKET = "AbC-123_very.secret";
const postgresPort = () => Number(new URL(inject("cluster").adminUrl).port);

it("reports what was behind a failed request, tick and batch, and a Durable Object's failure", async () => {
  await using proxy = await startCuttableProxy(postgresPort());
  await using collector = await startCollector();
  await using stack = await startStack({
    world: { vehicles: 3, seed: 61 },
    databasePort: proxy.port,
    vars: { SENTRY_DSN: collector.dsn },
    secrets: { TRACKSOLID_PASSWORD: "not the password" },
  });
  const events = (logger: string) => collector.envelopes.filter(({ event }) => event.logger === logger);
  const waitFor = (logger: string) =>
    expect.poll(() => events(logger).length, { timeout: 15_000 }).toBeGreaterThan(0);

  await proxy.cut();
  const response = await stack.fetch(`/v1/vehicles?ticket=${TICKET}`);
  expect(response.status).toBe(503);
  expect(await stack.tick("* * * * *")).toBe("exception");
  for (const logger of ["request_failed", "poll", "vendor_token_failed", "batch_failed"])
    await waitFor(logger);

  const [request] = events("request_failed");
  const { version } = (await (await stack.fetch("/health")).json()) as { version: string };
  expect(request).toMatchObject({
    path: expect.stringMatching(/^POST \/prefix\/api\/42\/envelope\/\?.*sentry_key=publickey/),
    type: "application/x-sentry-envelope",
    header: { event_id: request?.event.event_id, sent_at: expect.stringMatching(/^\d{4}-/) },
    item: { type: "event" },
    event: {
      event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      environment: "dev",
      release: version,
      level: "error",
      platform: "javascript",
      timestamp: expect.any(Number),
      fingerprint: ["request_failed", "/v1/vehicles", "database_unavailable"],
      tags: {
        route: "/v1/vehicles",
        code: "database_unavailable",
        requestId: response.headers.get("x-request-id"),
      },
    },
  });
  // What the caller was told is not the cause.
  const [exception] = request?.event.exception.values ?? [];
  expect(exception?.value).not.toContain("Try again");
  expect(exception?.value).toMatch(/./);

  const line = stack.lines("poll").find((text) => text.includes("job: 'live'"));
  const runId = /runId: '([0-9a-f-]{36})'/.exec(line ?? "")?.[1];
  expect(events("poll")[0]?.event).toMatchObject({
    fingerprint: ["poll", "live", "credentials"],
    tags: { job: "live", errorCode: "credentials", runId },
    exception: { values: [{ type: "PollFailed" }] },
  });
  // The message has lines that look like frames; none of it is one.
  const frames = events("poll")[0]?.event.exception.values[0]?.stacktrace?.frames;
  expect(frames).toContainEqual(expect.objectContaining({ function: "runJob", lineno: expect.any(Number) }));
  expect(JSON.stringify(frames)).not.toContain("TRACKSOLID_API_URL");
  expect(events("vendor_token_failed")[0]?.event).toMatchObject({
    tags: { object: "JimiSession", errorCode: "credentials" },
    exception: { values: [{ type: "TokenFailed" }] },
  });
  expect(events("batch_failed")[0]?.event.tags).toMatchObject({
    batchId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });

  const sent = collector.envelopes.map(({ text }) => text).join();
  for (const secret of [
    TICKET,
    "not the password",
    "ingest_app:",
    "dashboard_ro:",
    stack.world.info.appSecret,
  ]) {
    expect(sent).not.toContain(secret);
    expect(stack.logs()).not.toContain(secret);
  }
});

it("reports the same failure a few times, not each time, and is waited for by nobody", async () => {
  await using proxy = await startCuttableProxy(postgresPort());
  await using collector = await startCollector();
  await using stack = await startStack({
    world: { vehicles: 1 },
    databasePort: proxy.port,
    vars: { SENTRY_DSN: collector.dsn },
  });
  await proxy.cut();
  collector.hang();
  expect((await stack.fetch("/v1/vehicles")).status).toBe(503);
  // Had the request waited for its report, that would have been given up by now.
  expect(stack.logs()).not.toContain("report_failed");
  for (let request = 1; request < 15; request++) expect((await stack.fetch("/v1/vehicles")).status).toBe(503);
  await expect.poll(() => stack.logs(), { timeout: 10_000 }).toContain("report_failed");
  const alike = collector.envelopes.length;
  expect(alike).toBeGreaterThan(0);
  // Three a minute, and the minute may have changed.
  expect(alike).toBeLessThanOrEqual(6);
  // Another failure is still heard of.
  expect((await stack.fetch("/v1/vehicles/860000000000001")).status).toBe(503);
  await expect.poll(() => collector.envelopes.at(-1)?.event.tags.route).toBe("/v1/vehicles/{imei}");
});

it("refuses a malformed DSN with its remedy, and goes on polling", async () => {
  await using stack = await startStack({
    world: { vehicles: 1 },
    vars: { SENTRY_DSN: "https://sentry.example.com/42" },
  });
  const response = await stack.fetch("/health");
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ code: "misconfigured" });
  expect(stack.logs()).toContain("SENTRY_DSN is malformed: copy the whole DSN of the project");
  expect(await stack.tick("* * * * *")).toBe("ok");
});
