import { afterAll, beforeAll, expect, it } from "vitest";
import { type Stack, startStack } from "../setup/harness.ts";

const EVERY_10_MINUTES = "*/10 * * * *";

let stack: Stack;
let key: string;

beforeAll(async () => {
  stack = await startStack({ world: { vehicles: 5 }, vars: { LEDGER_PENDING_S: "0" } });
  key = await stack.makeKey(["admin"]);
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
});

interface Books {
  balanced: boolean;
  received: { messages: number; items: number };
  missing: { messages: number; items: number };
}

async function books(): Promise<Books> {
  const response = await stack.fetch("/v1/ledger", { headers: { authorization: `Bearer ${key}` } });
  expect(response.status).toBe(200);
  return (await response.json()) as Books;
}

/** Once everything on the way has arrived, and the sender has told how much that is. */
const settled = async (messages: number) => {
  await expect.poll(async () => (await books()).received.messages).toBeGreaterThanOrEqual(messages);
  await expect.poll(async () => (await books()).balanced).toBe(true);
  // The tally hears a second later.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await expect.poll(async () => (await books()).balanced).toBe(true);
};

const health = async () => {
  const response = await stack.fetch("/health/ingest");
  const { jobs } = (await response.json()) as {
    jobs: { job: string; status: string; errorCode: string | null }[];
  };
  return jobs.find(({ job }) => job === "ledger");
};

it("balances after polls, and the job says so", { timeout: 60_000 }, async () => {
  await stack.tick("* * * * *");
  await stack.lastRun("live");
  await settled(3);
  expect(await stack.tick(EVERY_10_MINUTES)).toBe("ok");
  expect(await stack.lastRun("ledger")).toMatchObject({ success: true, error_code: null });
  expect(await health()).toMatchObject({ status: "ok", errorCode: null });
});

it.each(["first", "last"])(
  "fails when the %s message of a sender is lost",
  { timeout: 60_000 },
  async (which) => {
    await settled(3);
    const [lost] = await stack.sql.unsafe(
      `select * from private.receipts order by sequence ${which === "first" ? "asc" : "desc"} limit 1`,
    );
    // What was never delivered has no receipt.
    await stack.sql`delete from private.receipts where producer = ${lost?.producer} and sequence = ${lost?.sequence}`;
    expect(await books()).toMatchObject({ balanced: false, missing: { messages: 1, items: lost?.items } });
    const runs = (await stack.sql`select from tracksolid.ingestion_log where endpoint = 'ledger'`).length;
    expect(await stack.tick(EVERY_10_MINUTES)).toBe("exception");
    const run = await stack.lastRun("ledger", runs + 1);
    expect(run).toMatchObject({ success: false, error_code: "unbalanced" });
    expect(run.error).toMatch(
      new RegExp(`^ledger: of \\d+ messages 1 are missing, with ${lost?.items} items`),
    );
    expect((await stack.fetch("/health/ingest")).status).toBe(503);
    expect(await health()).toMatchObject({ status: "failing", errorCode: "unbalanced" });
    await stack.sql`insert into private.receipts ${stack.sql(lost ?? {})}`;
    await expect.poll(books).toMatchObject({ balanced: true });
  },
);
