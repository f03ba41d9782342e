import { jimiSession } from "../../durable-objects/jimi-session/index.ts";
import type { VendorConfig } from "../../shared/config.ts";
import { JimiClient } from "../../shared/jimi/client.ts";

/**
 * A client of the configured credential, for one run or request.
 * @param deadlineMs No retry is begun after it, ms since the epoch.
 */
export function vendorClient(env: Env, config: VendorConfig, deadlineMs: number): JimiClient {
  const { TRACKSOLID_API_URL: url, TRACKSOLID_APP_KEY: appKey, TRACKSOLID_APP_SECRET: appSecret } = config;
  return new JimiClient({ url, appKey, appSecret }, jimiSession(env), deadlineMs);
}
