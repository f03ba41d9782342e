import { type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";

/** A request as it goes over the wire: nothing here is made valid on the way, as `fetch` would. */
export interface WireRequest {
  method: string;
  /** Path and query, percent-encoded. */
  target: string;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** What turns a request into that for a WebSocket. */
export const WEBSOCKET_HEADERS = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Sends a request and reads the answer; a WebSocket that opens is an answer 101, and is closed again. */
export function send(url: string, { method, target, headers, body }: WireRequest): Promise<WireAnswer> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
  const answered = (message: IncomingMessage, text: string) =>
    resolve({
      status: message.statusCode ?? 0,
      headers: Object.fromEntries(
        Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
      ),
      text,
    });
  const sent = request({ hostname, port, method, path: target, headers, agent: false }, (message) => {
    let text = "";
    message.setEncoding("utf8");
    message.on("data", (part) => {
      text += part;
    });
    message.on("end", () => answered(message, text));
    message.on("error", reject);
  });
  sent.on("upgrade", (message, socket) => {
    socket.destroy();
    answered(message, "");
  });
  sent.on("error", reject);
  sent.end(body);
  return promise;
}
