import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { ANALYST_SCHEMAS, type AnalystRecord, newToken, tokenName } from "../../../shared/analysts.ts";
import worker from "../../../workers/index.ts";
import { bearer, mcpRequest, queryMessage } from "../../setup/mcp.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Asks one question as a new analyst, of a Worker whose queue takes messages or not. */
async function ask(sql: string, takes: boolean): Promise<string> {
  const token = newToken();
  const record: AnalystRecord = {
    ...{ id: crypto.randomUUID(), name: "Jane", email: null, schemas: [...ANALYST_SCHEMAS] },
    ...{ createdAt: new Date().toISOString(), expiresAt: null },
  };
  await env.KEYS.put(await tokenName(token), JSON.stringify(record));
  const send = async () => {
    if (!takes) throw new Error("Too many requests");
  };
  const request = new Request("https://api.example.com/mcp", mcpRequest(queryMessage(sql), bearer(token)));
  const response = await worker.fetch(
    request as Parameters<typeof worker.fetch>[0],
    { ...env, WRITES: { send, sendBatch: send } } as unknown as Env,
    createExecutionContext(),
  );
  expect(response.status).toBe(200);
  return response.text();
}

it("what could not be recorded is not answered", async () => {
  const lines = vi.spyOn(console, "error").mockImplementation(() => {});
  expect(await ask("select 'kept' || 'word' as a", true)).toContain("keptword");

  const unanswered = await ask("select 'kept' || 'word' as a", false);
  expect(unanswered).toContain("could not be recorded");
  expect(unanswered).toContain('"isError":true');
  expect(unanswered).not.toContain("keptword");
  expect(lines.mock.calls).toContainEqual([expect.objectContaining({ event: "audit_not_sent" })]);
});
