import { expect, it } from "vitest";
import { alertsTestCommand } from "../../scripts/alerts-test.ts";
import { startAlertReceiver } from "../setup/alert-receiver.ts";
import { startCollector } from "../setup/collector.ts";
import { callCommand } from "../setup/command.ts";
import { type Stack, startStack } from "../setup/harness.ts";

const call = async (stack: Stack, ...words: string[]) =>
  callCommand(alertsTestCommand, ["--url", stack.url, "--key", await stack.makeKey(["admin"]), ...words]);

it("sends an alert and an error report from end to end, and says who took them", async () => {
  await using receiver = await startAlertReceiver();
  await using collector = await startCollector();
  await using stack = await startStack({
    world: { vehicles: 1 },
    vars: { SENTRY_DSN: collector.dsn },
    secrets: { ALERT_TARGETS: `slack+${receiver.url}/slack` },
  });
  const well = await call(stack);
  expect([well.code, well.stderr]).toEqual([0, ""]);
  const { host } = new URL(receiver.url);
  expect(well.stdout).toBe(`slack at ${host} took it\nthe error report was sent\n`);
  expect(receiver.received[0]?.text).toContain("This is a test: nothing is wrong");
  expect(collector.envelopes).toHaveLength(1);

  receiver.answer(403);
  const refused = await call(stack);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain(`slack at ${host} did not take it: it answered 403`);
  expect(refused.stderr).toContain("docs/alerts.md");
  const told = await call(stack, "--json");
  expect(JSON.parse(told.stdout)).toMatchObject({ targets: [{ kind: "slack" }], errorReport: "sent" });
});

it("says that nobody is told, and what an API that is none answers", async () => {
  await using stack = await startStack({ world: { vehicles: 1 } });
  const nobody = await call(stack);
  expect(nobody.code).toBe(1);
  expect(nobody.stdout).toContain("there is no target");
  expect(nobody.stdout).toContain("SENTRY_DSN is empty");
  const reader = await callCommand(alertsTestCommand, [
    "--url",
    stack.url,
    "--key",
    await stack.makeKey(["read"]),
  ]);
  expect(reader.code).toBe(1);
  expect(reader.stderr).toMatch(/scope/);
});
