import { createHash } from "node:crypto";

/** Request parameters as they will be sent, before URL encoding. */
export type JimiParameters = Record<string, string>;

/**
 * Signs a request (reference §1.5): names in ASCII order, empty values left out, the app secret on both
 * sides, MD5 in upper-case hexadecimal.
 *
 * @param parameters Every parameter, common and private, without `sign`.
 */
export function sign(parameters: JimiParameters, appSecret: string): string {
  const text = Object.keys(parameters)
    // The default sort is by code unit. A locale's puts `app_key` before `appId` and is rejected.
    .sort()
    .filter((name) => name !== "" && parameters[name] !== "")
    .map((name) => name + parameters[name])
    .join("");
  return md5(appSecret + text + appSecret).toUpperCase();
}

/** MD5 as lower-case hexadecimal, the form the vendor wants of a password. */
export function md5(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}
