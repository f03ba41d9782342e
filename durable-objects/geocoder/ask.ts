import * as z from "zod";
import type { GeocoderConfig } from "../../shared/config.ts";
import { messageOf } from "../../shared/log.ts";
import { parseJson, plain } from "../../shared/text.ts";

/** What a geocoder that can be asked is configured with. */
export interface GeocoderEndpoint {
  url: string;
  email: string;
}

/** What came of a request. */
export type Answer =
  | { kind: "known"; address: string }
  /** The geocoder answers that it knows no address there. */
  | { kind: "unknown" }
  /** No answer for this place: perhaps for the next one. */
  | { kind: "refused"; message: string }
  /** No answer for anybody now. */
  | { kind: "trouble"; message: string; retryAfterMs: number };

/** The slowest answers of a busy public server take a few seconds. */
const TIMEOUT_MS = 10_000;

/** A real answer has a kilobyte. */
const MOST_BYTES = 64_000;

/** Longer than any real address; what a column and a page can take. */
const MOST_CHARACTERS = 300;

/** Buildings and roads: the finest level there is. */
const ZOOM = "18";

/** A geocoder that is blocked, overloaded or down says so; 4xx otherwise concern the request. */
const TROUBLE = [401, 403, 408, 429];

const body = z.union([
  z.object({ display_name: z.string() }),
  z.object({ error: z.string().regex(/unable to geocode/i) }),
]);

/** Where to ask, or null where addresses are not looked up. */
export function endpointOf({ GEOCODER_URL, GEOCODER_EMAIL }: GeocoderConfig): GeocoderEndpoint | null {
  return GEOCODER_URL === null ? null : { url: GEOCODER_URL, email: GEOCODER_EMAIL };
}

/** Asks for the address of a place: one request. Names us and whom to write to, as the usage policy demands. */
export async function askAddress(
  { url, email }: GeocoderEndpoint,
  lat: number,
  lng: number,
): Promise<Answer> {
  const target = new URL(url);
  const parameters = { format: "jsonv2", lat: lat.toFixed(6), lon: lng.toFixed(6), zoom: ZOOM };
  for (const [name, value] of Object.entries({ ...parameters, addressdetails: "0", "accept-language": "en" }))
    target.searchParams.set(name, value);
  if (email !== "") target.searchParams.set("email", email);
  try {
    const response = await fetch(target, {
      headers: { accept: "application/json", "user-agent": `tracksolid-edge${email && ` (${email})`}` },
      // A redirect would make two requests of one, and carry places to somebody else.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readText(response);
    if (response.status !== 200) return failure(response);
    return text === null ? refused(`more than ${MOST_BYTES} bytes`) : read(text);
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    const message = late ? `no answer within ${TIMEOUT_MS} ms` : plain(messageOf(error), 200);
    return { kind: "trouble", message, retryAfterMs: 0 };
  }
}

function failure({ status, headers }: Response): Answer {
  const message = `HTTP ${status}`;
  if (status < 500 && !TROUBLE.includes(status)) return refused(message);
  return { kind: "trouble", message, retryAfterMs: (Number(headers.get("retry-after")) || 0) * 1000 };
}

function read(text: string): Answer {
  const parsed = body.safeParse(parseJson(text));
  if (!parsed.success) return refused("an answer that is none of Nominatim's");
  if ("error" in parsed.data) return { kind: "unknown" };
  const address = cleaned(parsed.data.display_name);
  return address === "" ? { kind: "unknown" } : { kind: "known", address };
}

/** One line without what cannot be seen: anybody may edit the map that names come from. */
function cleaned(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return plain(line, MOST_CHARACTERS).trim();
}

/** The text of a body, or null where it is longer than any answer. */
async function readText({ body }: Response): Promise<string | null> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels the rest.
    if (bytes > MOST_BYTES) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const refused = (message: string): Answer => ({ kind: "refused", message });
