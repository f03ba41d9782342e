import { isReader } from "../../shared/config.ts";
import { log, messageOf } from "../../shared/log.ts";
import type { ApiContext } from "./context.ts";
import { METRICS, type NamedSample, OWNERS_PARTS, PARTS } from "./metrics-parts.ts";
import type { Family } from "./prometheus.ts";

/** A scrape must be answered while the database hangs. */
const PATIENCE_MS = 2_000;

/** Every family with its figures of now, also those that nobody could be asked for. */
export async function readMetrics(c: ApiContext): Promise<Family[]> {
  const parts = Object.keys(PARTS).filter((part) => !isReader(c.env) || !OWNERS_PARTS.includes(part));
  const answers = await Promise.all(parts.map((part) => ask(c, part)));
  const samples = answers.flat();
  return Object.entries(METRICS).map(([name, help]) => ({
    name,
    help,
    samples: samples.flatMap((sample) =>
      sample.name === name ? [{ labels: sample.labels, value: sample.value }] : [],
    ),
  }));
}

/** The samples of a part, and whether it could be asked. */
async function ask(c: ApiContext, part: string): Promise<NamedSample[]> {
  const up = (value: number): NamedSample => ({ name: "up", labels: { part }, value });
  try {
    const answer = await Promise.race([PARTS[part]?.(c), tooLate()]);
    return [up(1), ...(answer ?? [])];
  } catch (error) {
    log("warn", "metrics_part_down", { requestId: c.get("requestId"), part, error: messageOf(error) });
    return [up(0)];
  }
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`No answer within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
}
