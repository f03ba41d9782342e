import { createHash } from "node:crypto";

/**
 * The vendor's signature (reference §1.5): upper-case MD5 of secret + name and value of every parameter in ASCII
 * order of the names + secret. `sign` itself and empty values take no part. Written for the simulator alone, so
 * that a mistake in a client's signing cannot hide in shared code.
 *
 * @param params all parameters of the request, common and private, as they were before URL encoding
 */
export function signParameters(params: Record<string, string>, secret: string): string {
  const text = Object.keys(params)
    .filter((name) => name !== "" && name !== "sign" && params[name] !== "")
    .sort() // by code units: upper case, then `_`, then lower case
    .map((name) => name + params[name])
    .join("");
  return createHash("md5").update(`${secret}${text}${secret}`, "utf8").digest("hex").toUpperCase();
}
