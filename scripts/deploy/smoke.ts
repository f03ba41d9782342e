import { setTimeout } from "node:timers/promises";
import * as z from "zod";
import { unansweredBy } from "../api/complaint.ts";

/** A version, and where it should answer. */
export interface Expected {
  url: string;
  /** The Worker's name. */
  name: string;
  environment: string;
  version: string;
}

const AGAIN_AFTER_MS = 2_000;

/** Of one answer. */
const PATIENCE_MS = 20_000;

const alive = z.object({ environment: z.string(), version: z.string() });
const readiness = z.object({ database: z.string() });

/**
 * Tries a version that was just deployed, until it is the one that answers and its database does, or patience is over.
 * @returns what is wrong, in a sentence; null where nothing is
 */
export async function smoke(expected: Expected, patienceMs: number): Promise<string | null> {
  const endsAt = performance.now() + patienceMs;
  for (;;) {
    const fault = (await faultOfHealth(expected)) ?? (await faultOfReadiness(expected));
    if (fault === null || performance.now() >= endsAt) return fault;
    await setTimeout(Math.min(AGAIN_AFTER_MS, patienceMs));
  }
}

async function faultOfHealth({ url, name, environment, version }: Expected): Promise<string | null> {
  const answer = await ask(`${url}/health`, name, version);
  if (typeof answer === "string") return answer;
  const read = alive.safeParse(answer.body);
  if (answer.status !== 200 || !read.success) {
    return `${url}/health answers ${answer.status}, not as this Worker does.`;
  }
  if (read.data.environment !== environment) {
    return `${url} is ${read.data.environment}, not ${environment}: API_HOSTS or its route is wrong.`;
  }
  return read.data.version === version
    ? null
    : `${url} is answered by version ${read.data.version}, not by ${version}.`;
}

async function faultOfReadiness({ url, name, version }: Expected): Promise<string | null> {
  const answer = await ask(`${url}/health/ready`, name, version);
  if (typeof answer === "string") return answer;
  if (answer.status === 200) return null;
  const read = readiness.safeParse(answer.body);
  const reason = read.success ? `the database is ${read.data.database}` : "not as this Worker does";
  return `${url}/health/ready answers ${answer.status}: ${reason}.`;
}

async function ask(
  url: string,
  name: string,
  version: string,
): Promise<{ status: number; body: unknown } | string> {
  try {
    const response = await fetch(url, {
      // Cloudflare's own: of the versions that share the traffic this one answers.
      headers: { "cloudflare-workers-version-overrides": `${name}="${version}"` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  } catch (error) {
    return `${unansweredBy(url, error as Error)}.`;
  }
}
