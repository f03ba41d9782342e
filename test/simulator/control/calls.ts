import type { Resource } from "./control.ts";

/** `GET …/calls?method=`: the last 10,000 API calls, oldest first; `DELETE …/calls` forgets them. */
export const calls: Resource = (world, { httpMethod, rest, query }) => {
  if (rest.length > 1) return undefined;
  if (httpMethod === "GET") return { status: 200, body: world.calls.list(query.get("method") ?? undefined) };
  if (httpMethod !== "DELETE") return undefined;
  world.calls.clear();
  return { status: 200, body: { cleared: true } };
};

/** `GET …/tokens`: how many tokens were got, refreshed and are live; never the tokens. */
export const tokens: Resource = (world, { httpMethod, rest }) =>
  httpMethod === "GET" && rest.length === 1 ? { status: 200, body: world.tokens.counts() } : undefined;
