import { createServer, type ServerResponse } from "node:http";

/** An event as it came in its envelope. */
export interface CollectedEvent {
  event_id: string;
  environment: string;
  release: string;
  logger: string;
  level: string;
  fingerprint: string[];
  tags: Record<string, string>;
  exception: { values: { type: string; value: string; stacktrace?: { frames: unknown[] } }[] };
}

/** A place that takes Sentry envelopes. */
export interface Collector extends AsyncDisposable {
  dsn: string;
  /** What came, newest last; the text is everything that was sent. */
  envelopes: {
    path: string;
    type: string;
    header: Record<string, unknown>;
    item: unknown;
    event: CollectedEvent;
    text: string;
  }[];
  /** Answers nothing from now on. */
  hang(): void;
}

/** Starts a collector at a port of its own. */
export async function startCollector(): Promise<Collector> {
  const envelopes: Collector["envelopes"] = [];
  let hanging = false;
  const server = createServer((request, response: ServerResponse) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const [header, item, event] = body.split("\n").map((line) => JSON.parse(line));
      const type = request.headers["content-type"] ?? "";
      const path = `${request.method} ${request.url}`;
      envelopes.push({
        path,
        type,
        header,
        item,
        event,
        text: JSON.stringify([path, request.headers, body]),
      });
      if (!hanging) response.end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    dsn: `http://publickey@127.0.0.1:${port}/prefix/42`,
    envelopes,
    hang: () => {
      hanging = true;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
