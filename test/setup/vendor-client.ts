import { vendorTime } from "../simulator/clock.ts";
import type { World } from "./world.ts";

/** A vendor answer as it came. */
export interface VendorAnswer {
  code: number | string;
  message: string;
  // What a method answers is what a test of it is about.
  result?: unknown;
  data?: unknown;
}

/** Asks a world as any client would, unsigned (`v=0.9`), and takes the answer as it is. */
export type VendorCall = (method: string, params?: Record<string, string | number>) => Promise<VendorAnswer>;

/** Asks a world without a token. */
export function unsignedCall({ info }: World): VendorCall {
  return async (method, params = {}) => {
    const common = {
      ...{ method, app_key: info.appKey, v: "0.9", format: "json" },
      timestamp: vendorTime(Date.now()),
    };
    const form = Object.entries({ ...common, ...params }).map(([name, value]) => [name, String(value)]);
    const response = await fetch(info.url, { method: "POST", body: new URLSearchParams(form) });
    return (await response.json()) as VendorAnswer;
  };
}

/** Logs into a world. */
export async function logIn(world: World): Promise<VendorCall> {
  const call = unsignedCall(world);
  const { userId, userPwdMd5 } = world.info;
  const login = await call("jimi.oauth.token.get", {
    ...{ user_id: userId, user_pwd_md5: userPwdMd5, expires_in: 7200 },
  });
  const { accessToken } = login.result as { accessToken: string };
  return (method, params) => call(method, { access_token: accessToken, ...params });
}
