import type { Envelope, Kind } from "./message.ts";

export interface Wrapped {
  contentType: string;
  text: string;
}

type Fields = Record<string, unknown>;

/**
 * Puts items into an envelope (reference §3.1). Where the vendor is seen to send it in more than one way, the
 * number of the body decides which.
 *
 * @param items one for E4; an E1 of one item carries it bare
 * @param token for the envelopes that carry one
 * @param beside further fields of the top level
 */
export function wrap(
  envelope: Envelope,
  { name, beside: listed = {} }: Kind,
  items: unknown[],
  token: string | undefined,
  number: number,
  beside: Fields = {},
): Wrapped {
  const other = number % 2 === 1;
  const secret: Fields = token === undefined ? {} : { token };
  switch (envelope) {
    case "E1":
      return form({ msgType: name, data: items.length === 1 ? items[0] : items });
    case "E2":
      return form({ ...secret, ...listed, data_list: items });
    case "E3":
      return other
        ? json({ ...secret, msgType: name, ...listed, data_list: JSON.stringify(items) })
        : json({ ...secret, ...listed, data_list: items });
    case "E4": {
      const bare = { ...(items[0] as Fields), ...beside, ...secret };
      return other ? form(bare) : json(bare);
    }
    case "E5":
      return json(other ? { data: items } : items);
  }
}

const json = (value: unknown): Wrapped => ({
  contentType: "application/json",
  text: JSON.stringify(value),
});

/** `%20` and not `+` for a space, as in the vendor's own example (§3.2). */
const form = (fields: Fields): Wrapped => ({
  contentType: "application/x-www-form-urlencoded",
  text: Object.entries(fields)
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(typeof value === "string" ? value : JSON.stringify(value))}`,
    )
    .join("&"),
});
