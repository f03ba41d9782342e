import { request } from "node:http";
import type { Socket } from "node:net";

/** What a request for a WebSocket came to: the socket, or the status and code of the problem. */
type Outcome = { status: 101; code: null; socket: Socket } | { status: number; code: string | null };

/** Asks for a WebSocket and says what came of it. */
export async function upgrade(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string | null }> {
  const outcome = await ask(url, headers);
  if ("socket" in outcome) outcome.socket.destroy();
  return { status: outcome.status, code: outcome.code };
}

/** A stream whose client reads a byte a second, and says nothing. */
export async function crawl(url: string): Promise<Socket> {
  const outcome = await ask(url.replace("ws", "http"), {});
  if (!("socket" in outcome)) throw new Error(`The stream was refused: ${JSON.stringify(outcome)}`);
  const { socket } = outcome;
  socket.pause();
  const reading = setInterval(() => socket.read(1), 1_000);
  socket.on("close", () => clearInterval(reading));
  return socket;
}

function ask(url: string, headers: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      headers: {
        connection: "Upgrade",
        upgrade: "websocket",
        "sec-websocket-version": "13",
        "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
        ...headers,
      },
    });
    asking.on("upgrade", (_, socket) => resolve({ status: 101, code: null, socket: socket as Socket }));
    asking.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => {
        const text = Buffer.concat(parts).toString();
        const { code = null } = text ? (JSON.parse(text) as { code?: string }) : {};
        resolve({ status: response.statusCode ?? 0, code });
      });
    });
    asking.on("error", reject);
    asking.end();
  });
}
