import { makeDsn } from "@sentry/core";
import { expect, it } from "vitest";
import { newKey } from "../../shared/access.ts";
import { reportingConfig } from "../../shared/config.ts";
import { composeEvent } from "../../shared/sentry.ts";

const deployment = { environment: "staging", release: "a-version" };
const compose = (error: unknown, tags: Record<string, string> = {}) =>
  composeEvent({ event: "request_failed", error, alike: ["/v1/live"], tags }, deployment);

it("holds no secret, wherever it stood", () => {
  const secrets = [
    "pa55w0rd",
    "AbC-123_very.secret",
    "0123456789abcdef0123456789abcdef",
    newKey("sk"),
    newKey("pk"),
  ];
  const text = `connect postgres://ingest_app:${secrets[0]}@db/fleet for
    at wss://api.example.com/v1/stream?ticket=${secrets[1]} (access_token=${secrets[2]})
    at ${secrets[3]} (file:///${secrets[4]}:1:2)`;
  const error = new Error(text);
  error.name = `Failed ${secrets[3]}`;
  const late = new Error(text);
  // The stack keeps what the message was.
  late.message = "something else";
  for (const thrown of [error, late, text]) {
    const event = JSON.stringify(compose(thrown, { requestId: text }));
    for (const secret of secrets) expect(event).not.toContain(secret);
  }
});

it("says where it was thrown, outermost first", () => {
  const frames = compose(new Error("here")).exception?.values?.[0]?.stacktrace?.frames ?? [];
  expect(frames.at(-1)?.filename).toContain("sentry.test");
});

it("says what it is of: environment, release, ids", () => {
  expect(compose(new RangeError("too far"), { requestId: "r" })).toMatchObject({
    environment: "staging",
    release: "a-version",
    logger: "request_failed",
    fingerprint: ["request_failed", "/v1/live"],
    tags: { requestId: "r" },
    exception: { values: [{ type: "RangeError", value: "too far" }] },
  });
});

it.each([
  "https://0123abc@o1.ingest.sentry.io/42",
  "https://key:secret@errors.example.com:8443/a/path/7",
  "http://key@127.0.0.1:9000/1",
  "https://key@[::1]:9000/1",
])("can send to %s, which the configuration takes", (SENTRY_DSN) => {
  expect(reportingConfig({ SENTRY_DSN }).SENTRY_DSN).toBe(SENTRY_DSN);
  expect(makeDsn(SENTRY_DSN)).toBeDefined();
});
