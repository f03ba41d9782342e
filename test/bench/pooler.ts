import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/** A pool between Worker and Postgres. */
export interface Pooler {
  /** The address to give instead of the database's. */
  url: string;
  stop(): void;
}

/** A connection to Postgres, with what it said when it was opened. */
interface Backend {
  socket: Socket;
  greeting: Buffer;
}

const SSL_REQUEST = 80_877_103;
const PROTOCOL_3 = 196_608;
const CLEARTEXT_PASSWORD = 3;
const AUTHENTICATED = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0]);
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);
const IDLE = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/**
 * Hands clients backends that others have used before, as deployed Hyperdrive does. The local one opens a backend
 * for every client, which then reads the catalog anew.
 *
 * @param url Of the embedded cluster: it asks for the password in clear text.
 */
export async function startPooler(url: string): Promise<Pooler> {
  const idle: Backend[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    sockets.add(client);
    client.on("error", () => client.destroy());
    client.on("data", async function greet(start) {
      if (start.readInt32BE(4) === SSL_REQUEST) return void client.write("N");
      client.off("data", greet);
      client.pause();
      const backend = idle.pop() ?? (await openBackend(url));
      sockets.add(backend.socket);
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

function serve(client: Socket, { socket, greeting }: Backend, giveBack: () => void): void {
  client.write(greeting);
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

async function openBackend(url: string): Promise<Backend> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const socket = dial({ host: hostname, port: Number(port), noDelay: true });
  const startup = Buffer.from(`\0\0\0\0\0\0\0\0user\0${username}\0database\0${pathname.slice(1)}\0\0`);
  startup.writeInt32BE(startup.length, 0);
  startup.writeInt32BE(PROTOCOL_3, 4);
  socket.write(startup);
  let received = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("data", function hear(chunk) {
      received = Buffer.concat([received, chunk]);
      if (received[0] === 0x52 && received.readInt32BE(5) === CLEARTEXT_PASSWORD) {
        received = received.subarray(9);
        socket.write(frame("p", `${password}\0`));
      } else if (received[0] === 0x45) {
        reject(new Error(`Postgres refused the pool: ${received}`));
      }
      if (!received.subarray(-IDLE.length).equals(IDLE)) return;
      socket.off("data", hear);
      resolve({ socket, greeting: received.subarray(received.indexOf(AUTHENTICATED)) });
    });
  });
}

function frame(type: string, text: string): Buffer {
  const message = Buffer.from(`${type}\0\0\0\0${text}`);
  message.writeInt32BE(message.length - 1, 1);
  return message;
}
