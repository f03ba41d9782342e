import { connect } from "node:net";

/** Connections at once, each with one request under way. */
const CONNECTIONS = 16;

const HEAD_END = "\r\n\r\n";

/** What a load showed. */
export interface Load {
  requestsPerS: number;
  p50Ms: number;
  p99Ms: number;
  /** Share of a core that the client needed: near 1 it measured itself. */
  clientShare: number;
}

/**
 * Asks for one thing, or posts it, over and over, on connections that stay open. Bare sockets: autocannon and undici spend more on
 * a request than workerd does, and would measure themselves.
 * @throws when an answer has another status.
 */
export async function load(
  url: URL,
  headers: Record<string, string>,
  status: number,
  durationMs: number,
  body?: string,
): Promise<Load> {
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  const fields = Object.entries({ host: url.host, ...headers, ...length }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const request = Buffer.from(
    [`${body === undefined ? "GET" : "POST"} ${url.pathname}${url.search} HTTP/1.1`, ...fields].join("\r\n") +
      HEAD_END +
      (body ?? ""),
  );
  const startMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const latenciesMs: number[] = [];
  const connection = () => {
    let askedMs = performance.now();
    return ask(url, request, status, () => {
      const now = performance.now();
      latenciesMs.push(now - askedMs);
      askedMs = now;
      return now - startMs < durationMs;
    });
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  const tookMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  latenciesMs.sort((a, b) => a - b);
  const percentile = (share: number) => latenciesMs[Math.floor(latenciesMs.length * share)] ?? Number.NaN;
  return {
    requestsPerS: (latenciesMs.length / tookMs) * 1000,
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    clientShare: (user + system) / 1000 / tookMs,
  };
}

/** One connection; `answered` says whether to go on. */
function ask(url: URL, request: Buffer, status: number, answered: () => boolean): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const socket = connect({ host: url.hostname, port: Number(url.port), noDelay: true });
    let head = "";
    let missing = 0;
    socket.on("error", reject);
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      if (missing > 0) missing -= chunk.length;
      else {
        head += chunk.toString("latin1");
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        missing = bodyBytes(head.slice(0, end), status) - (head.length - end - HEAD_END.length);
        head = "";
      }
      if (missing > 0) return;
      if (answered()) socket.write(request);
      else socket.end(() => resolve());
    });
  });
}

function bodyBytes(head: string, status: number): number {
  if (!head.startsWith(`HTTP/1.1 ${status} `)) throw new Error(`Answered: ${head}`);
  return status === 304 ? 0 : Number(/^content-length: (\d+)/im.exec(head)?.[1]);
}
