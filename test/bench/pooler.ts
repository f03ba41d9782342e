import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";
import postgres from "postgres";

/** A pool between Worker and Postgres. */
export interface Pooler {
  /** The address to give instead of the database's. */
  url: string;
  stop(): void;
}

const SSL_REQUEST = 80_877_103;
const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
const IDLE = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/**
 * Hands clients backends that others have used before, as deployed Hyperdrive does. The local one opens a backend
 * for every client, which then reads the catalog anew.
 */
export async function startPooler(url: string): Promise<Pooler> {
  const idle: Socket[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    client.on("data", async function greet(start) {
      if (start.readInt32BE(4) === SSL_REQUEST) return void client.write("N");
      client.off("data", greet);
      client.pause();
      const backend = idle.pop() ?? (await openBackend(url));
      sockets.add(backend);
      serve(client, backend, () => idle.push(backend));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const pooled = new URL(url);
  pooled.port = String((server.address() as AddressInfo).port);
  return {
    url: pooled.href,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serve(client: Socket, socket: Socket, giveBack: () => void): void {
  client.write(Buffer.concat([AUTHENTICATED, IDLE]));
  client.on("data", (chunk) => {
    if (!chunk.equals(TERMINATE)) socket.write(chunk);
  });
  const answer = (chunk: Buffer) => client.write(chunk);
  socket.on("data", answer);
  client.once("close", () => {
    socket.off("data", answer);
    socket.on("data", function cleaned(chunk) {
      if (!chunk.subarray(-IDLE.length).equals(IDLE)) return;
      socket.off("data", cleaned);
      giveBack();
    });
    socket.write(frame("Q", "discard all\0"));
  });
  client.resume();
}

/** postgres.js logs in, then its socket is taken away from it. */
async function openBackend(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = dial({ host: hostname, port: Number(port), noDelay: true });
  const options = { max: 1, fetch_types: false, socket: () => socket };
  await postgres(url, options as postgres.Options<Record<string, never>>)`select 1`;
  socket.removeAllListeners();
  return socket;
}

function frame(type: string, text: string): Buffer {
  const message = Buffer.from(`${type}\0\0\0\0${text}`);
  message.writeInt32BE(message.length - 1, 1);
  return message;
}
