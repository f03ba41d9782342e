import { parseJson } from "../../shared/text.ts";

/** A push body taken apart (reference §3.1, E1 to E5). */
export interface Envelope {
  items: unknown[];
  token: string | null;
  msgType: string | null;
}

/** Under which an item names its device: a body that has one is an item itself, whatever else it has. */
const DEVICE_NAMES = ["deviceImei", "imei", "devImei"];

/**
 * Takes a body apart, whichever of the five envelopes it came in. The content decides, not the header. What cannot be
 * read becomes one item, whole: it is kept, and rejected later with its reason.
 */
export function openEnvelope(text: string): Envelope {
  return /^\s*[[{"]/.test(text) ? fromJson(text) : fromForm(text);
}

/** What may be the token of a body, in a form or in JSON, also in JSON that was made text. */
const CANDIDATES = /(?:^|&)token=([\w-]{16,200})(?=&|\s*$)|"token\\*"\s*:\s*\\*"([\w-]{16,200})\\*"/g;

/** The body has one token; more only if items have such a field of their own. */
const MOST_CANDIDATES = 20;

/**
 * Whether a body holds a token, without taking it apart: who has none of ours is refused before the work, and the
 * memory, of parsing is spent on him.
 */
export function hasTokenInside(text: string, isToken: (candidate: string) => boolean): boolean {
  let candidates = 0;
  for (const [, inForm, inJson] of text.matchAll(CANDIDATES)) {
    if (isToken(inForm ?? inJson ?? "")) return true;
    candidates += 1;
    if (candidates === MOST_CANDIDATES) return false;
  }
  return false;
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
  if (!text.includes("=")) return { items: [text], token: null, msgType: null };
  const form = new URLSearchParams(text);
  const { token, ...rest } = Object.fromEntries(form);
  const lists = form.getAll("data_list");
  return {
    items: lists.length > 1 ? lists.flatMap((list) => itemsOf({ ...rest, data_list: list })) : itemsOf(rest),
    token: token ?? null,
    msgType: rest.msgType ?? null,
  };
}

/** Takes `data_list`, else `data`, else the body itself. */
function itemsOf(body: Record<string, unknown>): unknown[] {
  const inner = body.data_list ?? (isItem(body) ? undefined : body.data);
  if (inner === undefined) return Object.keys(body).length === 0 ? [] : [body];
  const list = parsed(inner);
  // Text that is no JSON may have lost its other half to a field of its own, as a form with a bare & does.
  return typeof list === "string" && list.trim() !== "" ? [body] : listOf(list);
}

/** Whether a body with `data` is an item itself: an answer to a command, or a device's module data (E4). */
function isItem(body: Record<string, unknown>): boolean {
  return "code" in body || DEVICE_NAMES.some((name) => name in body);
}

/** Text inside is JSON again, sometimes twice; what is not JSON stays what it is. */
function parsed(value: unknown, depth = 2): unknown {
  if (typeof value !== "string" || depth === 0) return value;
  const inner = parseJson(value);
  return inner === undefined ? value : parsed(inner, depth - 1);
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
