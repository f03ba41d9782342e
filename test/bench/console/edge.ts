import { Agent, request } from "node:http";
import { createSecureServer, type IncomingHttpHeaders, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { makeCertificate } from "./certificate.ts";
import { createPace, type LineSpeed } from "./pace.ts";

/** What HTTP/1 says of a connection has no place in HTTP/2. */
const OF_A_CONNECTION = ["connection", "keep-alive", "transfer-encoding"];

/** Of whoever does not say (RFC 9218). */
const USUAL_URGENCY = 3;

/**
 * HTTP/2 before a local Worker, as Cloudflare has it, at the end of a phone's line: a browser asks for everything at once,
 * heads are packed, and workers of the page wait as it does, which they do not where Chromium slows the page down.
 */
export interface Edge {
  url: URL;
  /** What had gone out by an instant, ms since the epoch: everything, heads too, and bodies by their files. */
  sentBy(atMs: number): Sent;
  close(): Promise<void>;
}

export interface Sent {
  bytes: number;
  files: [name: string, bytes: number][];
}

/** Starts it, with a certificate that only who ignores such faults takes. It passes no WebSockets. */
export async function startEdge(target: URL, line: LineSpeed): Promise<Edge> {
  const agent = new Agent({ keepAlive: true });
  const pace = createPace(line);
  const sessions = new Set<ServerHttp2Session>();
  const sent: { atMs: number; bytes: number; path: string; length: number }[] = [];
  const total = () => [...sessions].reduce((sum, { socket }) => sum + (socket?.bytesWritten ?? 0), 0);

  const server = createSecureServer(makeCertificate(), async (asked, answered) => {
    const { method, url: path, headers } = asked;
    const turn = new Promise((resolve) => setTimeout(resolve, line.roundTripMs));
    const passed = request(new URL(path, target).href, {
      agent,
      method,
      headers: ofRequest(headers, target),
    });
    asked.pipe(passed);
    passed.on("error", () => answered.stream?.close());
    passed.on("response", async (answer) => {
      const body = await buffer(answer);
      await turn;
      if (answered.stream.destroyed) return;
      const head = Object.entries(answer.headers).filter(([name]) => !OF_A_CONNECTION.includes(name));
      answered.writeHead(answer.statusCode ?? 502, Object.fromEntries(head));
      await pace.send(body, urgencyOf(headers), (piece) => {
        if (!answered.stream.destroyed) answered.write(piece);
        sent.push({ atMs: Date.now(), bytes: total(), path, length: piece.length });
      });
      answered.end();
    });
  });
  server.on("session", (session) => sessions.add(session));
  server.on("sessionError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`),
    sentBy(atMs) {
      const then = sent.filter((piece) => piece.atMs <= atMs);
      const files = new Map<string, number>();
      for (const { path, length } of then) files.set(path, (files.get(path) ?? 0) + length);
      return { bytes: then.at(-1)?.bytes ?? 0, files: [...files].sort(([, a], [, b]) => b - a) };
    },
    async close() {
      pace.stop();
      agent.destroy();
      for (const session of sessions) session.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** `u=1, i`: how urgent it is, and whether it is of use in parts. */
const urgencyOf = ({ priority }: IncomingHttpHeaders): number =>
  Number(/(?:^|,)\s*u=([0-7])/.exec(String(priority ?? ""))?.[1] ?? USUAL_URGENCY);

/** HTTP/2's own fields, such as `:path`, are in the line of the request already. */
const ofRequest = (headers: IncomingHttpHeaders, target: URL) => ({
  ...Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith(":"))),
  host: target.host,
});
