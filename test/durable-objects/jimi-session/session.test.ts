import { abortAllDurableObjects, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, inject, it, vi } from "vitest";
import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import type { Permit } from "../../../shared/jimi/client.ts";
import type { JimiFailure } from "../../../shared/jimi/failures.ts";
import { World } from "../../setup/world.ts";

const METHOD = "jimi.user.device.location.list";
const MINUTE_MS = 60_000;
const START_MS = Date.now();

const world = World.of(inject("simulatorUrl"), { appKey: env.TRACKSOLID_APP_KEY } as World["info"]);
const session = () => jimiSession(env);
const failure = (kind: JimiFailure["kind"]): JimiFailure => ({ kind, message: `made up: ${kind}` });

type Granted = Extract<Permit, { granted: true }>;

async function permit(method = METHOD, rejected: number | null = null): Promise<Granted> {
  const answer = await session().permit(method, rejected);
  if (!answer.granted) throw new Error(`refused: ${answer.failure.kind} ${answer.failure.message}`);
  return answer;
}

/** Moves our clock and the vendor's together; timers stay real. */
async function travel(ms: number): Promise<void> {
  vi.setSystemTime(START_MS + ms);
  await world.shiftClock(ms);
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  await reset();
  await world.clearFaults();
  await travel(0);
  await world.clearCalls();
});

afterEach(() => {
  vi.useRealTimers();
});

it("asks the vendor once for 100 callers at the same moment", async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => session().permit(METHOD, null)));
  const tokens = answers.flatMap((answer) => (answer.granted ? [answer.token] : []));
  expect(new Set(tokens).size).toBe(1);
  expect((await world.calls()).map(({ method }) => method)).toEqual(["jimi.oauth.token.get"]);
  // Who would wait longer than half a minute for a turn is turned away.
  expect(tokens).toHaveLength(60);
  expect(answers.at(-1)).toMatchObject({ granted: false, failure: { kind: "postponed" } });
});

it("spaces the calls of all callers, also across an eviction", async () => {
  const starts = [await permit(), await permit("another.method"), await permit()].map(
    ({ notBefore }) => notBefore,
  );
  await abortAllDurableObjects();
  starts.push((await permit()).notBefore);
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? 0));
  expect(gaps).toEqual([500, 500, 500]);
});

it("keeps to the pace when a token is renewed while calls are waiting for their turn", async () => {
  const waiting = await Promise.all(Array.from({ length: 6 }, () => permit()));
  const renewed = await permit(METHOD, waiting[0]?.generation ?? null);
  const last = Math.max(...waiting.map(({ notBefore }) => notBefore));
  expect(renewed.notBefore).toBeGreaterThanOrEqual(last + 500);
});

it("stops everything when the address is limited in the middle of a renewal", async () => {
  await permit();
  await travel(112 * MINUTE_MS);
  await world.clearCalls();
  await world.addFault({ kind: "ip-limit" });
  expect(await session().permit(METHOD, null)).toMatchObject({
    granted: false,
    failure: { kind: "postponed" },
  });
  expect(await world.calls()).toHaveLength(1);
});

it("does not wait for a clock that was set back", async () => {
  await permit();
  await travel(-3_600_000);
  expect((await permit()).notBefore).toBe(START_MS - 3_600_000);
});

it("keeps its token across an eviction", async () => {
  const { generation } = await permit();
  await abortAllDurableObjects();
  expect((await permit()).generation).toBe(generation);
  expect(await world.calls()).toHaveLength(1);
});

it("refreshes before the token ends", async () => {
  await permit();
  await travel(109 * MINUTE_MS);
  expect((await permit()).generation).toBe(1);
  await travel(111 * MINUTE_MS);
  expect((await permit()).generation).toBe(2);
  expect((await world.calls()).map(({ method }) => method)).toEqual([
    "jimi.oauth.token.get",
    "jimi.oauth.token.refresh",
  ]);
});

it("never has two tokens alive in 24 hours of polling", async () => {
  const before = await world.tokens();
  for (let minute = 0; minute <= 24 * 60; minute += 10) {
    await travel(minute * MINUTE_MS);
    await permit();
  }
  const after = await world.tokens();
  expect(after.live).toBe(1);
  expect(after.liveMax).toBe(1);
  expect(after.issued - before.issued).toBe(1);
  expect(after.refreshed - before.refreshed).toBeGreaterThanOrEqual(12);
});

it("lives on its old token while the vendor gives no new one, until it ends", async () => {
  const { token } = await permit();
  await world.addFault({ kind: "http500", method: "jimi.oauth.token.refresh" });
  await world.addFault({ kind: "frequency", method: "jimi.oauth.token.get" });
  await travel(112 * MINUTE_MS);
  expect((await permit()).token).toBe(token);
  await world.clearCalls();
  expect((await permit()).token).toBe(token);
  // Within the pause nobody asks again.
  expect(await world.calls()).toHaveLength(0);

  await travel(121 * MINUTE_MS);
  expect(await session().permit(METHOD, null)).toMatchObject({ granted: false });
  await world.clearFaults();
  await travel(130 * MINUTE_MS);
  expect((await permit()).generation).toBe(2);
});

it("renews a refused token once for everybody who met the refusal", async () => {
  const { generation } = await permit();
  await travel(5 * MINUTE_MS);
  await world.addFault({ kind: "token-expired", method: METHOD, times: 1 });
  const renewed = await Promise.all(Array.from({ length: 20 }, () => permit(METHOD, generation)));
  expect(new Set(renewed.map((answer) => answer.generation))).toEqual(new Set([generation + 1]));
  // Who comes late with the same refusal gets the token that is already there.
  expect((await permit(METHOD, generation)).generation).toBe(generation + 1);
  expect(await world.calls()).toHaveLength(2);
});

it("logs in anew when a token is refused right after it was issued", async () => {
  const { generation } = await permit();
  await permit(METHOD, generation);
  expect((await world.calls()).map(({ method }) => method)).toEqual([
    "jimi.oauth.token.get",
    "jimi.oauth.token.get",
  ]);
});

it("understands a lifetime sent as text", async () => {
  await world.addFault({ kind: "expires-as-text", method: "jimi.oauth.token.get" });
  await permit();
  await travel(100 * MINUTE_MS);
  expect((await permit()).generation).toBe(1);
});

it("pauses a method after 1006, longer each time, and forgets it after a success", async () => {
  await permit();
  await session().report(METHOD, failure("too_frequent"));
  expect(await session().permit(METHOD, null)).toMatchObject({
    granted: false,
    failure: { kind: "postponed" },
  });
  expect((await permit("another.method")).reportSuccess).toBe(false);

  await travel(29_000);
  expect((await session().permit(METHOD, null)).granted).toBe(false);
  await travel(40_000);
  expect((await permit()).reportSuccess).toBe(true);

  await session().report(METHOD, failure("too_frequent"));
  await travel(40_000 + 59_000);
  expect((await session().permit(METHOD, null)).granted).toBe(false);
  await travel(40_000 + 76_000);
  await permit();

  await session().report(METHOD, null);
  expect((await permit()).reportSuccess).toBe(false);
});

it("leaves a method alone for an hour when the day's quota is used up, also across an eviction", async () => {
  await permit();
  await session().report(METHOD, failure("quota"));
  await abortAllDurableObjects();
  await travel(59 * MINUTE_MS);
  expect((await session().permit(METHOD, null)).granted).toBe(false);
  await travel(61 * MINUTE_MS);
  await permit();
});

it("stops every method when the vendor limits the address", async () => {
  await permit();
  await session().report(METHOD, failure("ip_limited"));
  expect((await session().permit("another.method", null)).granted).toBe(false);
  await travel(11 * MINUTE_MS);
  await permit("another.method");
});

it("does not close anything for failures that say nothing about frequency", async () => {
  await permit();
  for (const kind of ["unreachable", "unreadable", "busy", "illegal_device", "rejected", "token"] as const) {
    await session().report(METHOD, failure(kind));
  }
  await permit();
});

it("never logs a token", async () => {
  const lines: string[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.stringify(line)));
  }
  const first = await permit();
  const second = await permit(METHOD, first.generation);
  await session().report(METHOD, failure("too_frequent"));
  vi.restoreAllMocks();
  expect(lines.length).toBeGreaterThan(2);
  expect(lines.join()).not.toContain(first.token);
  expect(lines.join()).not.toContain(second.token);
});
