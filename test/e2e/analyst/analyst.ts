import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { type AnalystRecord, newToken, tokenName } from "../../../shared/analysts.ts";
import type { Stack } from "../../setup/harness.ts";

/** An analyst of a stack, with the official client. */
export interface Analyst extends AsyncDisposable {
  client: Client;
  record: AnalystRecord;
  token: string;
  /** Calls a tool. @returns its answer, read; text as it is where it is none or a refusal. */
  call(tool: string, asked?: Record<string, unknown>): Promise<Answer>;
  query(sql: string, rest?: Record<string, unknown>): Promise<Answer>;
}

/** What a tool said. */
export interface Answer {
  isError: boolean;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a tool answers
  body: any;
}

/** Makes a token, as `npm run analysts` does. */
export async function makeToken(
  stack: Pick<Stack, "bindings">,
  record: Partial<AnalystRecord> = {},
): Promise<{ token: string; record: AnalystRecord }> {
  const token = newToken();
  const kept: AnalystRecord = {
    id: crypto.randomUUID(),
    name: "Jane Analyst",
    email: null,
    schemas: ["reporting", "tracksolid", "tickets", "fuel"],
    createdAt: "2026-01-15T08:30:00.000Z",
    expiresAt: null,
    ...record,
  };
  const { KEYS } = await stack.bindings();
  await KEYS.put(await tokenName(token), JSON.stringify(kept), { metadata: kept });
  return { token, record: kept };
}

/** Connects as a new analyst, by the current revision of the protocol or by those of 2025. */
export async function connectAnalyst(
  stack: Stack,
  record: Partial<AnalystRecord> = {},
  revision: "current" | "of 2025" = "current",
): Promise<Analyst> {
  const made = await makeToken(stack, record);
  const mode = revision === "current" ? { pin: "2026-07-28" } : "legacy";
  const client = new Client({ name: "test", version: "1" }, { versionNegotiation: { mode } });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${stack.url}/mcp`), {
      requestInit: { headers: { authorization: `Bearer ${made.token}` } },
    }),
  );
  const call = async (tool: string, asked: Record<string, unknown> = {}): Promise<Answer> => {
    const result = await client.callTool({ name: tool, arguments: asked });
    const [first] = result.content as { type: string; text: string }[];
    const text = first?.text ?? "";
    const isError = result.isError === true;
    return { isError, text, body: isError ? null : JSON.parse(text) };
  };
  return {
    ...made,
    client,
    call,
    query: (sql, rest) => call("query", { sql, ...rest }),
    [Symbol.asyncDispose]: () => client.close(),
  };
}
