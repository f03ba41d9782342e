import { request } from "node:http";

/** Asks for a WebSocket and says what came of it: 101, or the status and code of the problem. */
export async function upgrade(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; code: string | null }> {
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
    asking.on("upgrade", (_, socket) => {
      socket.destroy();
      resolve({ status: 101, code: null });
    });
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
