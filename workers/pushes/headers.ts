import type { PushConfig } from "../../shared/config.ts";
import { withoutTokens } from "./authenticate.ts";

/** Credentials, of whomever. */
const SECRET = new Set(["authorization", "cookie", "proxy-authorization", "x-push-token"]);

/** What all headers together may weigh: they travel with every message. */
const MOST_CHARACTERS = 1_500;

/** Headers as they are kept: without credentials, short enough to travel. */
export function readHeaders(headers: Headers, config: PushConfig): Record<string, string> {
  const kept: Record<string, string> = {};
  let left = MOST_CHARACTERS;
  for (const [name, value] of headers) {
    left -= name.length + value.length;
    if (left < 0) break;
    if (!SECRET.has(name)) kept[name] = withoutTokens(value, config);
  }
  return kept;
}
