import {
  createEventEnvelope,
  createStackParser,
  type ErrorEvent,
  getEnvelopeEndpointWithUrlEncodedAuth,
  makeDsn,
  serializeEnvelope,
} from "@sentry/core";
import { nodeStackLineParser } from "@sentry/core/server";
import type { Failure } from "./failure-reports.ts";
import { newId } from "./ids.ts";
import { redact } from "./log.ts";
import { nowMs } from "./time.ts";

/** A collector that is slower costs the report, not the work. */
const PATIENCE_MS = 3_000;

/** The lines of V8's stacks, which are those of Node. */
const parseStack = createStackParser(nodeStackLineParser());

/** Something that is no error was thrown. */
class Thrown extends Error {
  override name = "Thrown";
}

/** A failure as an event of Sentry, without secrets. */
export function composeEvent(
  { event, error, alike, tags }: Failure,
  deployment: { environment: string; release: string },
): ErrorEvent {
  const { name, message, stack } = error instanceof Error ? error : new Thrown(String(error));
  // A stack begins with the message, whose lines can look like frames.
  const frames = parseStack((stack ?? "").replace(message, "")).map((frame) => ({
    ...frame,
    filename: redact(frame.filename ?? ""),
    function: redact(frame.function ?? ""),
  }));
  return {
    type: undefined,
    event_id: newId().replaceAll("-", ""),
    timestamp: nowMs() / 1000,
    platform: "javascript",
    level: "error",
    logger: event,
    ...deployment,
    fingerprint: [event, ...alike].map(redact),
    tags: Object.fromEntries(Object.entries(tags).map(([name, text]) => [name, redact(text)])),
    exception: {
      values: [
        { type: redact(name), value: redact(message), ...(frames.length > 0 && { stacktrace: { frames } }) },
      ],
    },
  };
}

/** Sends an event to the collector of a DSN. @throws when it did not take it in time. */
export async function sendEvent(dsnText: string, event: ErrorEvent): Promise<void> {
  const dsn = makeDsn(dsnText);
  if (dsn === undefined) throw new Error("SENTRY_DSN is malformed");
  const response = await fetch(getEnvelopeEndpointWithUrlEncodedAuth(dsn), {
    method: "POST",
    headers: { "content-type": "application/x-sentry-envelope" },
    body: serializeEnvelope(createEventEnvelope(event, dsn)),
    redirect: "manual",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`The collector answered ${response.status}`);
}
