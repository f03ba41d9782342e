import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it came. */
export interface Received {
  method: string;
  /** Path and query. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  atMs: number;
}

/** What a customer answers: status, body, and where a redirect leads. */
export interface CustomerAnswer {
  status?: number;
  body?: unknown;
  location?: string;
}

/** A customer of the vendor's pushes that keeps all requests and accepts what nobody wants otherwise. */
export interface Customer extends AsyncDisposable {
  url: string;
  received: Received[];
}

/** @param answer the usual success when it answers undefined */
export async function startCustomer(
  answer: (request: Received) => CustomerAnswer | undefined | Promise<CustomerAnswer | undefined> = () =>
    undefined,
): Promise<Customer> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    const { method = "", url: path = "", headers } = request;
    const came = { method, path, headers, body, atMs: performance.now() };
    received.push(came);
    const code = /\/api\/v1\/tag\/data\/push\/?$/i.test(path) ? 200 : 0;
    const { status = 200, body: said = { code, msg: "success" }, location } = (await answer(came)) ?? {};
    response.writeHead(status, { "content-type": "application/json", ...(location ? { location } : {}) });
    response.end(typeof said === "string" ? said : JSON.stringify(said));
  });
  // Closed for being idle, a connection may be one that a body is on its way on, which some kinds send only once.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
