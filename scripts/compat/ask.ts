/** More than any map of theirs holds. */
const MOST_ANSWER_BYTES = 50_000_000;

const PATIENCE_MS = 60_000;

/** What one system said. */
export interface Said {
  status: number;
  contentType: string;
  /** Null where it is no JSON. */
  body: unknown;
}

/** What to ask, of both. */
export interface Asked {
  method: "GET" | "POST";
  path: string;
  /** Sent as a form by a POST, else in the query. */
  fields: Record<string, string>;
  origin: string | null;
}

/**
 * Asks one system.
 * @param key Of the API, for the new one.
 * @throws Error with the reason where it does not answer
 */
export async function ask(
  base: string,
  { method, path, fields, origin }: Asked,
  key?: string,
): Promise<Said> {
  const url = new URL(path.replace(/^\//, ""), base.endsWith("/") ? base : `${base}/`);
  const form = new URLSearchParams(fields);
  if (method === "GET") url.search = form.toString();
  const response = await fetch(url, {
    method,
    redirect: "error",
    headers: { ...(origin && { origin }), ...(key && { authorization: `Bearer ${key}` }) },
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...(method === "POST" && { body: form }),
  });
  const text = await readText(response);
  const contentType = response.headers.get("content-type")?.split(";")[0] ?? "none";
  return { status: response.status, contentType, body: parse(text) };
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_ANSWER_BYTES) throw new Error(`answers with more than ${MOST_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
