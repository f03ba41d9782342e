import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that changes something, without the account in its path. */
export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** Cloudflare's API, as far as it is told what to answer, for wrangler itself. */
export interface CloudflareApi extends AsyncDisposable {
  /** Results by method and path, such as `GET /queues`; lists are of one page. */
  results: Record<string, unknown>;
  asked: Asked[];
}

const NOT_THERE = { code: 10007, message: "This Worker does not exist on your account." };

const VARIABLES = ["CLOUDFLARE_API_BASE_URL", "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_ACCOUNT_ID"] as const;

/** Starts it, and lets wrangler ask it from now on. */
export async function startCloudflareApi(): Promise<CloudflareApi> {
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(String(request.url), "http://localhost");
    const path = url.pathname.replace(/^\/accounts\/[^/]+/, "");
    const method = String(request.method);
    if (method !== "GET") api.asked.push({ method, path, body: bodyOf(Buffer.concat(chunks).toString()) });
    const known = api.results[`${method} ${path}`];
    const isLaterPage = Number(url.searchParams.get("page") ?? 1) > 1;
    const wanted = url.searchParams.getAll("name");
    const result =
      Array.isArray(known) && (isLaterPage || wanted.length > 0)
        ? known.filter(({ name }) => !isLaterPage && wanted.includes(name))
        : known;
    response.writeHead(result === undefined ? 404 : 200, { "content-type": "application/json" }).end(
      JSON.stringify({
        ...{ success: result !== undefined, errors: result === undefined ? [NOT_THERE] : [], messages: [] },
        result: result ?? null,
        result_info: { page: 1, per_page: 100, count: 1, total_count: 1, total_pages: 1 },
      }),
    );
  });
  const api: CloudflareApi = {
    results: {},
    asked: [],
    async [Symbol.asyncDispose]() {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  process.env.CLOUDFLARE_API_BASE_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env.CLOUDFLARE_API_TOKEN = "of nobody";
  process.env.CLOUDFLARE_ACCOUNT_ID = "0123456789abcdef0123456789abcdef";
  return api;
}

function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
