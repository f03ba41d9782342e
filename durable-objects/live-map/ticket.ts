import * as z from "zod";

/** On whose behalf a stream is open: what is needed to find out that the key is gone. */
export const streamCaller = z.object({
  /** Key id, or `anonymous`. */
  id: z.string(),
  kind: z.enum(["anonymous", "pk", "sk", "person"]),
  /** Name in KV of the key, or of the person: a hash of the one or of their address. Null for nobody's. */
  keyName: z.string().nullable(),
  /** Origin that a publishable key was used from. */
  origin: z.string().nullable(),
  /** When the key ends, ms since the epoch. */
  expiresAtMs: z.number().nullable(),
});
export type StreamCaller = z.output<typeof streamCaller>;

const ticket = z.object({ caller: streamCaller, untilMs: z.number() });

/** The storage's key that signs tickets, made once. */
export async function signingKey({ kv }: DurableObjectStorage): Promise<CryptoKey> {
  let bytes = kv.get<Uint8Array<ArrayBuffer>>("signing-key");
  if (bytes === undefined) {
    bytes = crypto.getRandomValues(new Uint8Array(32));
    kv.put("signing-key", bytes);
  }
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/** A text that stands for a caller until an instant: it goes into a URL, so it must be worth little. */
export async function signTicket(key: CryptoKey, caller: StreamCaller, untilMs: number): Promise<string> {
  const content = encode(new TextEncoder().encode(JSON.stringify({ caller, untilMs })));
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(content));
  return `${content}.${encode(new Uint8Array(signature))}`;
}

/** @returns Whom a ticket stands for, or null when it is not ours or over. */
export async function readTicket(key: CryptoKey, text: string, nowMs: number): Promise<StreamCaller | null> {
  const [content = "", signature = "", ...rest] = text.split(".");
  const claims = decode(content);
  const proof = decode(signature);
  if (claims === null || proof === null || rest.length > 0) return null;
  if (!(await crypto.subtle.verify("HMAC", key, proof, new TextEncoder().encode(content)))) return null;
  const { caller, untilMs } = ticket.parse(JSON.parse(new TextDecoder().decode(claims)));
  return nowMs <= untilMs ? caller : null;
}

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

function decode(text: string): Uint8Array<ArrayBuffer> | null {
  return /^[A-Za-z0-9_-]*$/.test(text) ? new Uint8Array(Buffer.from(text, "base64url")) : null;
}
