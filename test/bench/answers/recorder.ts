import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** A statement as it was asked, its parameters as text. */
export interface Statement {
  text: string;
  parameters: (string | null)[];
}

/** Stands between Worker and Postgres and notes what is asked. */
export interface Recorder {
  /** The address to give instead of the database's. */
  url: string;
  /** What was asked since the last call, in that order. */
  take(): Statement[];
  stop(): void;
}

/** Type and length. */
const HEAD_BYTES = 5;

/**
 * Notes the statements of a route as they reach Postgres, so that what a route is compared with is what it asks, whatever
 * becomes of the code.
 */
export async function startRecorder(url: string): Promise<Recorder> {
  const { hostname, port } = new URL(url);
  const statements: Statement[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const backend = dial({ host: hostname, port: Number(port), noDelay: true });
    const read = reader((statement) => statements.push(statement));
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk) => to.write(chunk));
      from.on("error", () => to.destroy());
      from.on("close", () => to.destroy());
    }
    client.on("data", read);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own = new URL(url);
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    take: () => statements.splice(0),
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Reads what a client of the extended protocol sends. */
function reader(note: (statement: Statement) => void): (chunk: Buffer) => void {
  const prepared = new Map<string, string>();
  let unread = Buffer.alloc(0);
  let isGreeting = true;
  return (chunk) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      // What comes before the log-in has no type.
      const start = isGreeting ? 0 : 1;
      if (unread.length < HEAD_BYTES) return;
      const end = start + unread.readInt32BE(start);
      if (unread.length < end) return;
      const [type, message] = [String.fromCharCode(unread[0] ?? 0), unread.subarray(start + 4, end)];
      unread = unread.subarray(end);
      // A request for TLS is refused, and the greeting comes after it.
      if (isGreeting) isGreeting = message.length === 4;
      else if (type === "P") {
        const [name = "", text = ""] = message.toString("utf8").split("\0", 2);
        prepared.set(name, text);
      } else if (type === "B") note(bound(message, prepared));
    }
  };
}

/** A portal, a statement, formats, then the parameters. */
function bound(message: Buffer, prepared: Map<string, string>): Statement {
  const portalEnd = message.indexOf(0);
  const nameEnd = message.indexOf(0, portalEnd + 1);
  const text = prepared.get(message.toString("utf8", portalEnd + 1, nameEnd));
  if (text === undefined) throw new Error("A statement was bound that had not been prepared");
  let at = nameEnd + 1;
  at += 2 + 2 * message.readInt16BE(at);
  const count = message.readInt16BE(at);
  at += 2;
  const parameters = Array.from({ length: count }, () => {
    const length = message.readInt32BE(at);
    at += 4 + Math.max(length, 0);
    return length < 0 ? null : message.toString("utf8", at - length, at);
  });
  return { text, parameters };
}
