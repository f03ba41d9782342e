/** A message that asks for nothing but an answer. */
export const PING = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });

/** A message that has a statement run by the tool `query`. */
export const queryMessage = (sql: string, rest: Record<string, unknown> = {}): string =>
  JSON.stringify({
    ...{ jsonrpc: "2.0", id: 1, method: "tools/call" },
    params: { name: "query", arguments: { sql, ...rest } },
  });

/** A message to the analysts' door, as it stands on the wire. */
export const mcpRequest = (body: string, headers: Record<string, string>) => ({
  method: "POST",
  body,
  headers: {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...headers,
  },
});

/** How a token is sent. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
