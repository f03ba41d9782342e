import { S3ServiceError } from "s3mini";
import { reasonOf } from "../command.ts";
import { StoreError } from "./store-error.ts";

const KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

/** Answers after which the same request may go well. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Codes that come with a 400 and mean the way there: what arrived was not what was sent, or came too slowly. */
const PASSING_CODES = new Set([
  "RequestTimeout",
  "BadDigest",
  "IncompleteBody",
  "XAmzContentChecksumMismatch",
]);

/** What a person has to do about codes of S3. */
const REMEDIES: Record<string, string> = {
  InvalidAccessKeyId: `it does not know the access key. Set ${KEYS} to those of a token for this bucket`,
  SignatureDoesNotMatch: `the secret key is not that of the access key. Set ${KEYS} to those of one token`,
  Unauthorized: `it does not know the access key. Set ${KEYS} to those of a token for this bucket`,
  AccessDenied: "the token may not do this. It needs to read, write and list the objects of this bucket",
  NoSuchBucket: "there is no such bucket. Make it, or correct its name in the URL",
  PermanentRedirect: "the bucket is elsewhere. Correct endpoint and region in the URL",
  AuthorizationHeaderMalformed: "the bucket is of another region. Correct region in the URL",
  RequestTimeTooSkewed: "the clock of this machine is wrong. Set it",
  EntityTooLarge: "the object is larger than it takes",
  QuotaExceeded: "it is full",
};

/** Says what a request failed with. @param what As in "put x". */
export function s3Error(store: string, what: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof S3ServiceError)) {
    const { cause } = error as { cause?: unknown };
    return new StoreError(`${store} did not answer (${what}): ${reasonOf(cause ?? error)}`, {
      mayPass: true,
      cause: error,
    });
  }
  const { status, body = "" } = error;
  // The library reads a code from one media type alone.
  const code = /<Code>([A-Za-z0-9]{1,60})<\/Code>/.exec(body)?.[1] ?? error.serviceCode ?? "";
  const message = /<Message>([^<]{1,300})<\/Message>/.exec(body)?.[1] ?? code;
  const remedy =
    REMEDIES[code] ??
    REMEDIES[{ 401: "Unauthorized", 403: "AccessDenied", 404: "NoSuchBucket" }[status] ?? ""];
  return new StoreError(
    `${store} refused (${what}) with ${status}${code ? ` ${code}` : ""}: ${remedy ?? message}.`,
    { mayPass: PASSING.has(status) || PASSING_CODES.has(code), cause: error },
  );
}
