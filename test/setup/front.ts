import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A hostname, as programs of this machine can ask it: its server is known by another address. */
export interface Front extends AsyncDisposable {
  url: string;
  /** Who answers for it. */
  lead(server: () => string): void;
}

/** Leads what asks at an address of its own to a server, which is told that it was asked as `host`. */
export async function startFront(host: string, server: () => string): Promise<Front> {
  let leadsTo = server;
  const front = createServer((asked, answer) => {
    const { method, headers, url = "/" } = asked;
    const behind = request(
      new URL(url, leadsTo()).href,
      { method, headers: { ...headers, host } },
      (said) => {
        answer.writeHead(said.statusCode ?? 502, said.headers);
        said.pipe(answer);
      },
    );
    behind.on("error", () => answer.headersSent || answer.writeHead(502).end());
    asked.pipe(behind);
  });
  // Closed for being idle, a connection may be one that a request is on its way on.
  front.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    lead: (to) => {
      leadsTo = to;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        front.close(() => resolve());
        front.closeAllConnections();
      }),
  };
}
