/** A push body taken apart (reference §3.1, E1 to E5). */
export interface Envelope {
  items: unknown[];
  token: string | null;
  msgType: string | null;
}

/**
 * Takes a body apart, whichever of the five envelopes it came in. The content decides, not the header. What cannot be
 * read becomes one item, the text itself: it is kept, and rejected later with its reason.
 */
export function openEnvelope(text: string): Envelope {
  return /^\s*[[{"]/.test(text) ? fromJson(text) : fromForm(text);
}

/** E3, E4, E5: JSON. */
function fromJson(text: string): Envelope {
  const body = parsed(text);
  if (!isObject(body)) return { items: listOf(body), token: null, msgType: null };
  const { token, ...rest } = body;
  return { items: itemsOf(rest), token: textOf(token), msgType: textOf(rest.msgType) };
}

/** E1, E2, E4: a form. */
function fromForm(text: string): Envelope {
  const { token, ...rest } = Object.fromEntries(new URLSearchParams(text));
  const isForm = rest.data_list !== undefined || rest.data !== undefined || text.includes("=");
  return {
    items: isForm ? itemsOf(rest) : [text],
    token: token ?? null,
    msgType: rest.msgType ?? null,
  };
}

/** Takes `data_list`, else `data`, else the body itself. */
function itemsOf(body: Record<string, unknown>): unknown[] {
  if (body.data_list !== undefined) return listOf(parsed(body.data_list));
  // An answer to a command has its own `data` beside code and text: they are one item (E4).
  if (body.data !== undefined && !("code" in body)) return listOf(parsed(body.data));
  return Object.keys(body).length === 0 ? [] : [body];
}

/** Text inside is JSON again, sometimes twice; what is not JSON stays what it is. */
function parsed(value: unknown, depth = 2): unknown {
  if (typeof value !== "string" || depth === 0) return value;
  try {
    return parsed(JSON.parse(value), depth - 1);
  } catch {
    return value;
  }
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === null || value === "" ? [] : [value];
}

function textOf(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
