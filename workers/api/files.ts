import { within } from "../../shared/time.ts";
import { acceptedEncodings } from "./accepted-encodings.ts";
import { mayReadWithoutKey } from "./admission.ts";
import type { ApiContext } from "./context.ts";
import { pageHeaders } from "./page-headers.ts";
import { nothingHere } from "./unserved.ts";

/** Kinds of files that scripts/web.ts packs: text, and each has its packed one beside it. */
const PACKED_TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  json: "application/json",
  mjs: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  ts: "text/plain; charset=utf-8",
};

/**
 * What the live page asks first (web/client/follow.js), asked while its scripts come: on a slow line a whole round trip
 * earlier. A browser gives the answer to whoever asks for the same path, with a key or without. The scripts go first: they
 * have something to do before they need it.
 */
const LIVE_AHEAD =
  "</v1/live?format=columns&registry=true>; rel=preload; as=fetch; crossorigin=anonymous; fetchpriority=low";

/** The page does without it sooner than it waits for who its user is. */
const AHEAD_PATIENCE_MS = 300;

/** Files that the build packed with Brotli, harder than the edge does on the way, end with this too. */
const PACKED_END = ".br";

/**
 * Answers with a page or file of the console. To whoever takes Brotli it goes as it was packed when it was built: the
 * map's library is a tenth smaller so, and nobody waits for it to be packed. A part of a file is of the file itself.
 * @throws ApiProblem `not_found`
 */
export async function serveFile(c: ApiContext): Promise<Response> {
  const { path } = c.req;
  if (path.endsWith(PACKED_END)) throw nothingHere();
  const file = packedFile(path);
  const ahead = path === "/" ? asksAhead(c) : false;
  if (file !== null && c.req.header("range") === undefined && acceptedEncodings(c).includes("br")) {
    // Not by the path's text: one that begins with two slashes would name another host.
    const url = new URL(c.req.url);
    url.pathname = file.path;
    const packed = await c.env.ASSETS.fetch(new Request(url, c.req.raw));
    // Of a path that is no file's, or a file's in other letters, the asset router knows where it leads to.
    if (packed.ok || packed.status === 304) return answer(c, packed, await ahead, file.type, "br");
    await packed.body?.cancel();
  }
  const asset = await c.env.ASSETS.fetch(c.req.raw);
  if (asset.status === 404) throw nothingHere();
  return answer(c, asset, await ahead, file?.type, null);
}

/** The packed file of a path, and the type of what is in it; null where nothing is packed. */
function packedFile(path: string): { path: string; type: string | undefined } | null {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  // A page's path has no ending, its file has.
  if (dot < 0) {
    if (path === "/") return { path: `/index.html${PACKED_END}`, type: PACKED_TYPES.html };
    // Where these lead to is said without a body, as of `/history.html` below.
    if (name === "" || name === "index") return null;
    return { path: `${path}.html${PACKED_END}`, type: PACKED_TYPES.html };
  }
  const end = name.slice(dot + 1);
  if (end === "html" || !Object.hasOwn(PACKED_TYPES, end)) return null;
  return { path: path + PACKED_END, type: PACKED_TYPES[end] };
}

function answer(
  c: ApiContext,
  asset: Response,
  ahead: boolean,
  type: string | undefined,
  encoding: "br" | null,
): Response {
  c.set("pageHeaders", pageHeaders(c.env));
  const headers = new Headers(asset.headers);
  if (type !== undefined) headers.append("vary", "Accept-Encoding");
  if (type !== undefined && asset.status === 200) {
    headers.set("content-type", type);
    if (encoding !== null) headers.set("content-encoding", encoding);
  }
  if (ahead) headers.append("link", LIVE_AHEAD);
  const { status } = asset;
  return new Response(asset.body, { status, headers, ...(encoding !== null && { encodeBody: "manual" }) });
}

/** Whoever needs a key would be refused ahead, and then be shown that refusal: also who is signed in, and not known here. */
const asksAhead = async (c: ApiContext): Promise<boolean> =>
  (await within(
    mayReadWithoutKey(c).catch(() => false),
    AHEAD_PATIENCE_MS,
  )) ?? false;
