import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";

/** A message that came. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: never;
}

/** A place that takes alerts of all kinds. */
export interface AlertReceiver extends AsyncDisposable {
  url: string;
  received: Received[];
  /** What it answers from now on; `null`: nothing at all. */
  answer(status: number | null, headers?: Record<string, string>): void;
}

/** Starts a receiver at a port of its own. */
export async function startAlertReceiver(): Promise<AlertReceiver> {
  const received: Received[] = [];
  let answer: { status: number | null; headers: Record<string, string> } = { status: 204, headers: {} };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString("utf8");
    received.push({
      path: request.url ?? "",
      headers: request.headers,
      text,
      body: JSON.parse(text) as never,
    });
    if (answer.status !== null) response.writeHead(answer.status, answer.headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    received,
    answer(status, headers = {}) {
      answer = { status, headers };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The signature that Standard Webhooks asks for (its specification, "Signature scheme"). */
export function signatureOf({ headers, text }: Received, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${text}`;
  return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
}
