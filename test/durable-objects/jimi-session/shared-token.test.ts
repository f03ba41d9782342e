import type postgres from "postgres";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { JimiClient } from "../../../shared/jimi/client.ts";
import { logIn, unsignedCall } from "../../setup/vendor-client.ts";
import { keepLocalTimes, METHOD, NOBODY, Sharing } from "./sharing.ts";

const MINUTE_MS = 60_000;
const GET = "jimi.oauth.token.get";
const REFRESH = "jimi.oauth.token.refresh";

let lines: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  lines = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((line) => void lines.push(JSON.stringify(line)));
  }
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("uses the token of the earlier system, and gets none", async () => {
  const shared = await Sharing.make();
  const theirs = await shared.earlier.renew();
  expect((await shared.permit()).token).toBe(theirs?.access_token);
  expect(await shared.tokenCalls()).toEqual([GET]);
});

it("puts what it gets into the row, where the earlier system finds it", async () => {
  const shared = await Sharing.make();
  const { token } = await shared.permit();
  const row = await shared.earlier.cached();
  expect(row).toMatchObject({ access_token: token, refresh_token: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect(row?.expires_at.getTime()).toBe(Date.now() + 7_200_000);
  await shared.earlier.poll();
  expect(shared.earlier.lost).toBe(0);
  expect(await shared.tokenCalls()).toEqual([GET]);
});

it("reads and writes a row that stands behind triggers, since the earlier system keeps local times", async () => {
  const shared = await Sharing.make();
  await keepLocalTimes(shared.sql);
  const expiry = async () => {
    const [row] =
      await shared.sql`select access_token, expires_at::text as local from tracksolid.api_token_cache`;
    return row;
  };
  const local = (ms: number) => new Date(ms + 3 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
  const first = await shared.permit();
  const told = await expiry();
  expect(told?.access_token).toBe(first.token);
  expect(told?.local.slice(0, 19)).toBe(local(Date.now() + 7_200_000));
  await shared.travel(111 * MINUTE_MS);
  const second = await shared.permit();
  expect((await expiry())?.access_token).toBe(second.token);
  expect(await shared.tokenCalls()).toEqual([GET, REFRESH]);
});

it("refreshes before the token ends, in the row too; not where the other has just done so", async () => {
  const shared = await Sharing.make();
  const first = await shared.permit();
  await shared.travel(111 * MINUTE_MS);
  const second = await shared.permit();
  expect(second.token).not.toBe(first.token);
  expect(await shared.earlier.cached()).toMatchObject({ access_token: second.token });
  await shared.travel(220 * MINUTE_MS);
  const third = await shared.earlier.renew();
  await shared.travel(222 * MINUTE_MS);
  expect((await shared.permit()).token).toBe(third?.access_token);
  expect(await shared.tokenCalls()).toEqual([GET, REFRESH, REFRESH]);
});

it("takes the other's new token when its own is refused, also where that is written down seconds later", async () => {
  const shared = await Sharing.make();
  const { generation } = await shared.permit();
  await shared.travel(10_000);
  const theirs = await shared.earlier.renewed();
  if (!theirs) throw new Error("No token");
  const asked = shared.permit(generation);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await shared.earlier.keep(theirs);
  expect((await asked).token).toBe(theirs.access_token);
  expect(await shared.tokenCalls()).toEqual([GET, REFRESH]);
});

it("gets one itself when the token is refused and nobody has another, once for everybody", async () => {
  const shared = await Sharing.make();
  const { token, generation } = await shared.permit();
  await shared.travel(5 * MINUTE_MS);
  await shared.world.addFault({ kind: "token-expired", method: METHOD, times: 1 });
  await unsignedCall(shared.world)(METHOD, { access_token: token });
  const [one, other] = await Promise.all([shared.permit(generation), shared.permit(generation)]);
  expect(one.token).toBe(other.token);
  expect(await shared.earlier.cached()).toMatchObject({ access_token: one.token });
  await shared.earlier.poll();
  expect(shared.earlier.lost).toBe(0);
  expect(await shared.tokenCalls()).toEqual([GET, REFRESH]);
});

it.each([
  ["", async () => {}],
  [" behind triggers", (sql: postgres.Sql) => keepLocalTimes(sql, "UTC")],
])(
  "leaves the other's token in the row%s that was written since it looked, and takes it",
  async (_, prepare) => {
    const shared = await Sharing.make();
    await prepare(shared.sql);
    await shared.permit();
    await shared.travel(111 * MINUTE_MS);
    const theirs = await shared.outrun(
      () => shared.permit(),
      "select from tracksolid.api_token_cache for update",
    );
    expect((await shared.permit()).token).toBe(theirs?.access_token);
    expect(await shared.earlier.cached()).toMatchObject({ access_token: theirs?.access_token });
    await shared.earlier.poll();
    expect(shared.earlier.lost).toBe(0);
    // Ours, and the other's, who refreshed in vain.
    expect(await shared.tokenCalls()).toEqual([GET, REFRESH, REFRESH, GET]);
  },
);

it("takes the other's token where both make the first row", async () => {
  const shared = await Sharing.make();
  const { userId } = shared.world.info;
  const theirs = await shared.outrun(
    () => shared.permit(),
    `insert into tracksolid.api_token_cache (account) values ('${userId}')`,
  );
  expect((await shared.permit()).token).toBe(theirs?.access_token);
  expect(await shared.earlier.cached()).toMatchObject({ access_token: theirs?.access_token });
  expect(lines.join()).not.toContain("vendor_token_not_shared");
});

it("writes into a row that holds no token, or an empty one", async () => {
  for (const nothing of [null, ""]) {
    const shared = await Sharing.make();
    const { userId } = shared.world.info;
    await shared.sql`insert into tracksolid.api_token_cache (account, access_token) values (${userId}, ${nothing})`;
    const { token } = await shared.permit();
    expect(await shared.earlier.cached()).toMatchObject({ access_token: token });
  }
});

it("does not go back to a token before the last, which the row holds since nothing could be written", async () => {
  const shared = await Sharing.make();
  const { sql } = shared;
  const first = await shared.permit();
  await sql`revoke insert, update on private.shared_token from ingest_app`;
  await shared.travel(111 * MINUTE_MS);
  const second = await shared.permit();
  await shared.travel(113 * MINUTE_MS);
  const third = await shared.permit(second.generation);
  expect([first.token, second.token]).not.toContain(third.token);
  expect(await shared.tokenCalls()).toEqual([GET, REFRESH, REFRESH]);
  await sql`grant insert, update on private.shared_token to ingest_app`;
  await shared.travel(115 * MINUTE_MS);
  expect((await shared.permit()).token).toBe(third.token);
  expect(await shared.earlier.cached()).toMatchObject({ access_token: third.token });
});

it("looks at the row once a minute, not for every call", async () => {
  const shared = await Sharing.make();
  const { token } = await shared.permit();
  const theirs = await shared.earlier.renew();
  await shared.travel(59_000);
  expect((await shared.permit()).token).toBe(token);
  await shared.travel(60_000);
  expect((await shared.permit()).token).toBe(theirs?.access_token);
});

it("fails without the view, whatever token it has, says why, and asks the vendor for none; until the view is there", async () => {
  const shared = await Sharing.make();
  const { token } = await shared.permit();
  const { sql } = shared;
  await shared.world.clearCalls();
  await sql`alter view private.shared_token rename to another_name`;
  await shared.travel(MINUTE_MS);
  for (let call = 0; call < 2; call++) {
    const refused = await shared.session.permit(METHOD, null);
    expect(refused).toMatchObject({ granted: false, failure: { kind: "unshared" } });
    expect(JSON.stringify(refused)).toContain(
      "adopt the earlier system's database, or set SHARE_TOKEN to off",
    );
  }
  expect(await shared.world.calls()).toEqual([]);

  await sql`alter view private.another_name rename to shared_token`;
  await sql`revoke select on private.shared_token from ingest_app`;
  await shared.travel(2 * MINUTE_MS);
  expect(await shared.session.permit(METHOD, null)).toMatchObject({ failure: { kind: "unshared" } });
  await sql`grant select on private.shared_token to ingest_app`;
  await shared.travel(3 * MINUTE_MS);
  expect((await shared.permit()).token).toBe(token);
});

it("gets no token where only other accounts have rows: the earlier system writes its login otherwise", async () => {
  const shared = await Sharing.make();
  await shared.earlier.renew();
  await shared.sql`update tracksolid.api_token_cache set account = upper(account)`;
  await shared.world.clearCalls();
  const refused = await shared.session.permit(METHOD, null);
  expect(refused).toMatchObject({ granted: false, failure: { kind: "unshared" } });
  expect(JSON.stringify(refused)).toContain("write TRACKSOLID_USER as the earlier system writes it");
  expect(await shared.world.calls()).toEqual([]);
});

it("waits for the other's new token, too, where its own is not refused yet and cannot be refreshed", async () => {
  const shared = await Sharing.make();
  await shared.permit();
  await shared.travel(112 * MINUTE_MS);
  const theirs = await shared.earlier.renewed();
  if (!theirs) throw new Error("No token");
  const asked = shared.permit();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await shared.earlier.keep(theirs);
  expect((await asked).token).toBe(theirs.access_token);
  // The one that was tried in vain is the second.
  expect(await shared.tokenCalls()).toEqual([GET, REFRESH, REFRESH]);
});

it("polls on with a good token while the database is down, and gets no other behind the other's back", async () => {
  const shared = await Sharing.make();
  const { token, generation } = await shared.permit();
  const { DB_INGEST } = shared.bindings;
  Object.assign(shared.bindings, { DB_INGEST: NOBODY });
  await shared.world.clearCalls();
  for (const minute of [1, 2, 60, 112, 119]) {
    await shared.travel(minute * MINUTE_MS);
    expect((await shared.permit()).token).toBe(token);
  }
  expect(await shared.session.permit(METHOD, generation)).toMatchObject({ failure: { kind: "unshared" } });
  await shared.travel(121 * MINUTE_MS);
  expect(await shared.session.permit(METHOD, null)).toMatchObject({ failure: { kind: "unshared" } });
  expect(await shared.world.calls()).toEqual([]);

  Object.assign(shared.bindings, { DB_INGEST });
  await shared.travel(122 * MINUTE_MS);
  const { token: next } = await shared.permit();
  expect(await shared.earlier.cached()).toMatchObject({ access_token: next });
});

it("tells the row later of a token that could not be written", async () => {
  const shared = await Sharing.make();
  const { sql } = shared;
  await sql`revoke insert, update on private.shared_token from ingest_app`;
  const { token } = await shared.permit();
  expect(await shared.earlier.cached()).toBeUndefined();
  expect(lines.join()).toContain("vendor_token_not_shared");
  await sql`grant insert, update on private.shared_token to ingest_app`;
  await shared.travel(MINUTE_MS);
  expect((await shared.permit()).token).toBe(token);
  expect(await shared.earlier.cached()).toMatchObject({ access_token: token });
});

it("does not look at the database where nothing is shared", async () => {
  const shared = await Sharing.make({ SHARE_TOKEN: "off", DB_INGEST: NOBODY });
  await shared.earlier.renew();
  await shared.permit();
  expect(await shared.tokenCalls()).toEqual([GET, GET]);
  expect(lines.join()).not.toContain("shared");
});

it("writes no token into log, failure or report, also where the database refuses it", async () => {
  const shared = await Sharing.make();
  const { sql } = shared;
  const theirs = await shared.earlier.renew();
  const first = await shared.permit();
  await sql`alter table tracksolid.api_token_cache add check (length(access_token) < 10) not valid`;
  await shared.travel(111 * MINUTE_MS);
  const second = await shared.permit();
  Object.assign(shared.bindings, { DB_INGEST: NOBODY });
  const refused = await shared.session.permit(METHOD, second.generation);
  expect(refused.granted).toBe(false);
  expect(lines.join()).toContain("23514");
  for (const token of [theirs?.access_token ?? "", theirs?.refresh_token ?? "", first.token, second.token]) {
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(`${lines.join()}${JSON.stringify(refused)}`).not.toContain(token);
  }
});

it("polls beside the earlier system for four hours: neither loses a poll, nor do they take the token from each other", async () => {
  const shared = await Sharing.make();
  const { earlier, world } = shared;
  const { url, appKey, appSecret } = world.info;
  const client = new JimiClient({ url, appKey, appSecret }, shared.session, Number.POSITIVE_INFINITY);
  let lost = 0;
  const poll = async () => {
    const answer = await client.call(METHOD, { target: world.info.accounts[0] ?? "" });
    if (!answer.ok) lost += 1;
  };
  const turns = [
    () => poll().then(() => earlier.poll()),
    () => earlier.poll().then(poll),
    () => Promise.all([poll(), earlier.poll()]),
  ];
  // What ends every token: the platform forgets them, or somebody logs in. Each before every order of turns.
  const forget = () => world.addFault({ kind: "token-expired", method: METHOD, times: 1 });
  const endings: Record<number, () => Promise<unknown>> = {
    ...{ 10: forget, 12: forget, 20: forget },
    ...{ 11: () => logIn(world), 21: () => logIn(world), 22: () => logIn(world) },
  };
  for (let minute = 0; minute < 4 * 60; minute++) {
    await shared.travel(minute * MINUTE_MS);
    await endings[minute]?.();
    await turns[minute % 3]?.();
  }
  expect({ lost, theirs: earlier.lost, polls: earlier.polls }).toEqual({ lost: 0, theirs: 0, polls: 240 });
  // A login to begin with, and one after each of the three of somebody else; a refresh after each forgetting, and every two hours.
  const { issued, refreshed } = await world.tokens();
  expect(issued - 3).toBeLessThanOrEqual(1 + 3);
  expect(refreshed).toBeLessThanOrEqual(3 + 2);
});
