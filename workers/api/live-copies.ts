import type { LiveAnswer, LiveQuery } from "../../shared/live/query.ts";
import { nowMs } from "../../shared/time.ts";

/** A body that everybody gets who asks for the same form in the same encoding. */
type Body = Extract<LiveAnswer, { kind: "body" }>;

interface Copy {
  body: Body;
  /** When somebody last set out to ask the map, and when the map last confirmed it, ms since the epoch. */
  askedAtMs: number;
  confirmedAtMs: number;
}

const copies = new Map<string, Copy>();

/**
 * Answers from what this isolate last heard of the live map, which it asks again after `validMs`. One object answers
 * everybody, some hundreds of times a second: this way a crowd of pollers reaches it once a second and isolate.
 * While one asks, the others have what was confirmed a moment before: a request must not wait for the I/O of another.
 * @param ask Asks the map for the whole fleet.
 */
export async function answerFromCopy(
  query: LiveQuery,
  validMs: number,
  ask: (query: LiveQuery) => Promise<LiveAnswer | null>,
): Promise<LiveAnswer | null> {
  const { form, registry, encoding, known } = query;
  const name = `${form} ${registry} ${encoding}`;
  const copy = copies.get(name);
  const askedAtMs = nowMs();
  let body = copy?.body ?? null;
  const isAsked = copy !== undefined && askedAtMs - copy.askedAtMs < validMs;
  if (!isAsked || askedAtMs - copy.confirmedAtMs >= 2 * validMs) {
    if (copy) copy.askedAtMs = askedAtMs;
    try {
      const answer = await ask({ ...query, known: copy ? [copy.body.version] : [] });
      if (answer?.kind !== "unchanged") body = answer;
    } catch (error) {
      copies.delete(name);
      throw error;
    }
    if (body === null) copies.delete(name);
    else copies.set(name, { body, askedAtMs, confirmedAtMs: askedAtMs });
  }
  if (body !== null && (known === "any" || known.includes(body.version))) {
    return { kind: "unchanged", version: body.version };
  }
  return body;
}
