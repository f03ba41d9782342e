import { describe, expect, inject, it } from "vitest";
import type { Finding } from "../../workers/alerts/rules.ts";
import {
  type AlertReceiver,
  type Received,
  signatureOf,
  startAlertReceiver,
} from "../setup/alert-receiver.ts";
import { startCollector } from "../setup/collector.ts";
import { startCuttableProxy } from "../setup/cuttable-proxy.ts";
import { type Stack, startStack } from "../setup/harness.ts";

const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, 32").toString("base64")}`;
const ALERTS = "*/5 * * * *";
const MINUTE_MS = 60_000;

interface Event {
  type: string;
  data: {
    environment: string;
    opened: { id: string; rule: string; subject: string; text: string; runbook: string }[];
    recovered: { id: string; rule: string }[];
    openedCount: number;
    recoveredCount: number;
  };
}
const eventOf = ({ body }: Received): Event => body;

const targets = (receiver: AlertReceiver, ...kinds: string[]) => ({
  ALERT_SECRET: SECRET,
  ALERT_TARGETS: kinds.map((kind) => kind.replace("*", `${receiver.url}/`)).join("\n"),
});

const came = (receiver: AlertReceiver, count: number) =>
  expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);

async function desk(stack: Stack) {
  const { ALERT_DESK } = await stack.bindings();
  return ALERT_DESK.getByName("all");
}

const late = (subject: string): Finding => ({
  rule: "dead_letters",
  subject,
  text: `${subject} <of & "more">`,
});

async function listed(stack: Stack) {
  const authorization = `Bearer ${await stack.makeKey(["admin"])}`;
  const response = await stack.fetch("/v1/alerts", { headers: { authorization } });
  expect(response.status).toBe(200);
  return (await response.json()) as {
    evaluatedAt: string | null;
    alerts: { rule: string; subject: string; title: string }[];
    targets: { kind: string; waiting: number; failures: number; reason: string | null }[];
  };
}

describe("an alert, from what is wrong to who is told", () => {
  it("comes once, signed, to every kind of target, and names its line of the runbook", async () => {
    await using receiver = await startAlertReceiver();
    await using stack = await startStack({
      world: { vehicles: 2 },
      vars: { RUNBOOK_URL: "https://docs.example.com/alerts.md" },
      secrets: {
        TRACKSOLID_PASSWORD: "wrong",
        ...targets(
          receiver,
          "webhook+*hook",
          "slack+*slack",
          "operations=teams+*teams",
          "fleet=slack+*fleet",
        ),
      },
    });
    expect(await stack.tick("* * * * *")).toBe("exception");
    await stack.lastRun("live");
    await stack.tick(ALERTS);
    await came(receiver, 3);

    const [hook] = receiver.received.filter(({ path }) => path === "/hook");
    expect(hook?.headers["webhook-signature"]).toBe(signatureOf(hook as Received, SECRET));
    expect(Number(hook?.headers["webhook-timestamp"])).toBeGreaterThan(Date.now() / 1_000 - 300);
    const { type, data } = eventOf(hook as Received);
    expect({ type, environment: data.environment }).toEqual({ type: "alerts.changed", environment: "dev" });
    const alert = data.opened.find(({ rule }) => rule === "token_failing");
    expect(alert).toMatchObject({
      subject: "live",
      text: expect.stringContaining("credentials"),
      runbook: "https://docs.example.com/alerts.md#token_failing",
    });
    const told = (path: string) =>
      receiver.received
        .filter((one) => one.path === path)
        .map(({ text }) => text)
        .join();
    expect(told("/slack")).toContain("*Tracksolid does not let us in*");
    expect(told("/teams")).toContain("application/vnd.microsoft.card.adaptive");
    expect(told("/teams")).toContain("docs.example.com/alerts.md");
    // Nothing of it is the business of who sends vehicles.
    expect(told("/fleet")).toBe("");

    const before = receiver.received.length;
    await stack.tick(ALERTS);
    const { evaluatedAt, alerts } = await listed(stack);
    expect(Date.parse(evaluatedAt ?? "")).toBeGreaterThan(Date.now() - 5 * MINUTE_MS);
    expect(alerts).toContainEqual(expect.objectContaining({ rule: "token_failing", subject: "live" }));
    // Another message of it would be on its way at once.
    await expect
      .poll(async () => (await listed(stack)).targets.every(({ waiting }) => waiting === 0))
      .toBe(true);
    expect(receiver.received).toHaveLength(before);
  });

  it("comes when the database is away, which then says nothing of its own rules", async () => {
    await using receiver = await startAlertReceiver();
    await using proxy = await startCuttableProxy(Number(new URL(inject("cluster").adminUrl).port));
    await using stack = await startStack({
      world: { vehicles: 1 },
      databasePort: proxy.port,
      secrets: targets(receiver, "webhook+*hook"),
    });
    const door = await desk(stack);
    await door.tell({
      findings: [{ rule: "coverage_low", subject: "coverage", text: "90 %" }],
      unknown: [],
      atMs: Date.now() - 20 * MINUTE_MS,
    });
    await came(receiver, 1);
    await proxy.cut();
    await stack.tick(ALERTS);
    await came(receiver, 2);
    const { opened, recovered } = eventOf(receiver.received[1] as Received).data;
    expect(opened.map(({ rule }) => rule)).toContain("database_down");
    // It was low for all that is known.
    expect(recovered).toEqual([]);
    await proxy.mend();
    await stack.tick(ALERTS);
    await came(receiver, 3);
    const rules = eventOf(receiver.received[2] as Received).data.recovered.map(({ rule }) => rule);
    expect(rules).toEqual(["coverage_low"]);
  });
});

describe("a target", () => {
  it("that is away is told everything afterwards, in order, what it may have got by the same id", async () => {
    await using receiver = await startAlertReceiver();
    await using stack = await startStack({
      world: { vehicles: 1 },
      secrets: targets(receiver, "webhook+*hook"),
    });
    const door = await desk(stack);
    const beganMs = Date.now() - 60 * MINUTE_MS;
    receiver.answer(503);
    await door.tell({ findings: [late("a")], unknown: [], atMs: beganMs });
    await came(receiver, 1);
    await door.tell({ findings: [late("b")], unknown: [], atMs: beganMs + 20 * MINUTE_MS });
    await door.tell({ findings: [], unknown: [], atMs: beganMs + 40 * MINUTE_MS });
    expect((await listed(stack)).targets).toEqual([
      expect.objectContaining({ waiting: 4, failures: expect.any(Number), reason: "it answered 503" }),
    ]);
    receiver.answer(200);
    await came(receiver, 3);
    await expect.poll(async () => (await listed(stack)).targets[0]?.waiting, { timeout: 30_000 }).toBe(0);
    const [first, ...rest] = receiver.received;
    const taken = rest.at(-1);
    // The first try, and again until it was taken.
    for (const again of rest.slice(0, -1)) {
      expect(again.text).toBe(first?.text);
      expect(again.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    }
    expect(taken?.headers["webhook-id"]).not.toBe(first?.headers["webhook-id"]);
    const { opened, recovered } = eventOf(taken as Received).data;
    expect(opened.map(({ subject }) => subject)).toEqual(["b"]);
    expect(recovered).toHaveLength(2);
  });

  it("gets a thousand alerts as one message that it can take, and is not asked to hang", async () => {
    await using receiver = await startAlertReceiver();
    await using stack = await startStack({
      world: { vehicles: 1 },
      secrets: targets(receiver, "webhook+*hook", "slack+*slack", "teams+*teams"),
    });
    const findings = Array.from({ length: 1_000 }, (_, at) => late(`vehicle ${at}`));
    await (await desk(stack)).tell({ findings, unknown: [], atMs: Date.now() });
    await came(receiver, 3);
    await expect
      .poll(async () => (await listed(stack)).targets.map(({ waiting }) => waiting))
      .toEqual([0, 0, 0]);
    expect(receiver.received).toHaveLength(3);
    const hook = receiver.received.find(({ path }) => path === "/hook") as Received;
    expect(eventOf(hook).data.openedCount).toBe(1_000);
    for (const { text } of receiver.received) expect(text.length).toBeLessThan(60_000);
    const slack = receiver.received.find(({ path }) => path === "/slack") as Received;
    expect(slack.text).toContain("and 990 more");
    expect(slack.text).toContain("&lt;of &amp;");
    expect((await listed(stack)).alerts).toHaveLength(1_000);
  });

  it("that takes nothing for days is told no more of what is so old, and whoever hears of failures is", async () => {
    await using receiver = await startAlertReceiver();
    await using collector = await startCollector();
    await using stack = await startStack({
      world: { vehicles: 1 },
      vars: { SENTRY_DSN: collector.dsn },
      secrets: targets(receiver, "webhook+*hook"),
    });
    receiver.answer(500);
    const fourDaysAgoMs = Date.now() - 4 * 24 * 60 * MINUTE_MS;
    await (await desk(stack)).tell({ findings: [late("a")], unknown: [], atMs: fourDaysAgoMs });
    await came(receiver, 1);
    await expect
      .poll(() => collector.envelopes.map(({ event }) => event.logger), { timeout: 30_000 })
      .toEqual(["alerts_given_up"]);
    const { alerts, targets: told } = await listed(stack);
    // It stands all the same.
    expect(alerts).toHaveLength(1);
    expect(told).toEqual([expect.objectContaining({ waiting: 0, failures: 1 })]);
  });

  it("is not needed: what is wrong is listed all the same", async () => {
    await using stack = await startStack({ world: { vehicles: 1 } });
    await (await desk(stack)).tell({ findings: [late("a")], unknown: [], atMs: Date.now() - MINUTE_MS });
    const { alerts, targets } = await listed(stack);
    expect(alerts).toEqual([
      expect.objectContaining({ rule: "dead_letters", title: "Messages are dead letters" }),
    ]);
    expect(targets).toEqual([]);
  });
});

describe("POST /v1/alerts/test", () => {
  it("tells every target and reports an error, and says which did not take it", async () => {
    await using receiver = await startAlertReceiver();
    await using collector = await startCollector();
    await using stack = await startStack({
      world: { vehicles: 1 },
      vars: { SENTRY_DSN: collector.dsn },
      secrets: {
        ALERT_SECRET: SECRET,
        ALERT_TARGETS: `webhook+${receiver.url}/hook slack+http://127.0.0.1:9/nobody`,
      },
    });
    const authorization = `Bearer ${await stack.makeKey(["admin"])}`;
    const response = await stack.fetch("/v1/alerts/test", { method: "POST", headers: { authorization } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      targets: [
        expect.objectContaining({ kind: "webhook", waiting: 0, failures: 0, reason: null }),
        expect.objectContaining({
          kind: "slack",
          waiting: 1,
          failures: 1,
          reason: "it could not be reached",
        }),
      ],
      errorReport: "sent",
      errorReportReason: null,
    });
    expect(receiver.received.map((one) => eventOf(one).type)).toEqual(["alerts.test"]);
    expect(collector.envelopes.map(({ event }) => event.logger)).toEqual(["alerts_test"]);
    expect(stack.logs()).not.toContain("nobody");
    expect((await listed(stack)).alerts).toEqual([]);
  });

  it("says what is wrong with targets that are none, and shows no secret", async () => {
    await using stack = await startStack({
      world: { vehicles: 1 },
      secrets: { ALERT_TARGETS: "webhook+https://hooks.example.com/very-secret pager+https://x" },
    });
    const authorization = `Bearer ${await stack.makeKey(["admin"])}`;
    const response = await stack.fetch("/v1/alerts/test", { method: "POST", headers: { authorization } });
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: "misconfigured" });
    expect(stack.logs()).toContain("ALERT_TARGETS holds what is none");
    expect(stack.logs()).not.toContain("very-secret");
    expect(await stack.tick(ALERTS)).toBe("exception");
  });
});
