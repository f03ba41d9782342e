import { KINDS } from "../push/kinds.ts";
import { ENVELOPES } from "../push/message.ts";
import { PUSH_DEFAULTS, type PushOptions, TOKEN_PLACES } from "../push/options.ts";
import { badInput, numberIn, textIn } from "./control.ts";

const MOST_ITEMS_PER_BODY = 10_000;

/** What can be said about how to push. */
export const PUSH_FIELDS = ["url", "kinds", "token", ...Object.keys(PUSH_DEFAULTS)];

type Fields = Record<string, unknown>;

/** @throws ControlError that names the field and says what it must be */
export function pushOptionsIn(fields: Fields): PushOptions {
  const usual = PUSH_DEFAULTS;
  return {
    url: urlIn(fields),
    token: textIn(fields, "token"),
    tokenIn: oneOf(fields, "tokenIn", TOKEN_PLACES) ?? usual.tokenIn,
    envelope: oneOf(fields, "envelope", ENVELOPES) ?? usual.envelope,
    kinds: kindsIn(fields),
    itemsPerBody: wholeIn(fields, "itemsPerBody", MOST_ITEMS_PER_BODY) ?? usual.itemsPerBody,
    duplicates: shareIn(fields, "duplicates") ?? usual.duplicates,
    broken: shareIn(fields, "broken") ?? usual.broken,
    retrySpacingMs: numberIn(fields, "retrySpacingMs", 0) ?? usual.retrySpacingMs,
    tries: wholeIn(fields, "tries", 100) ?? usual.tries,
    concurrency: wholeIn(fields, "concurrency", 1000) ?? usual.concurrency,
    mixedCase: flagIn(fields, "mixedCase") ?? usual.mixedCase,
  };
}

export function urlIn(fields: Fields): string {
  const url = textIn(fields, "url");
  if (url === undefined || !/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw badInput('give "url": where the pushes go, for example "http://127.0.0.1:8787"');
  }
  return url;
}

function oneOf<T extends string>(fields: Fields, name: string, known: readonly T[]): T | undefined {
  const value = textIn(fields, name);
  const found = known.find((one) => one === value);
  if (value !== undefined && found === undefined) {
    throw badInput(`"${name}" must be one of ${known.join(", ")}`);
  }
  return found;
}

function kindsIn({ kinds }: Fields): string[] | undefined {
  if (kinds === undefined) return undefined;
  const known = KINDS.map(({ name }) => name);
  if (!Array.isArray(kinds) || kinds.length === 0 || !kinds.every((kind) => known.includes(kind))) {
    throw badInput(`"kinds" must be a list of ${known.join(", ")}`);
  }
  return kinds;
}

function wholeIn(fields: Fields, name: string, most: number): number | undefined {
  const value = numberIn(fields, name, 1);
  if (value !== undefined && (!Number.isInteger(value) || value > most)) {
    throw badInput(`"${name}" must be a whole number from 1 to ${most}`);
  }
  return value;
}

function shareIn(fields: Fields, name: string): number | undefined {
  const value = numberIn(fields, name, 0);
  if (value !== undefined && value > 1) throw badInput(`"${name}" must be a share from 0 to 1`);
  return value;
}

function flagIn(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value !== undefined && typeof value !== "boolean") throw badInput(`"${name}" must be true or false`);
  return value;
}
