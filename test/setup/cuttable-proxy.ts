import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy on loopback that can be cut, as a database that goes away. */
export interface CuttableProxy extends AsyncDisposable {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Listens again, on the same port. */
  mend(): Promise<void>;
  /** Ends so many of the connections to come at the first word of the client, as a pool does that hands out dead ones. */
  endNext(connections: number): void;
}

/** Starts a proxy to a port of this machine. */
export async function startCuttableProxy(targetPort: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let toEnd = 0;
  const server = createServer((client) => {
    if (toEnd > 0) {
      toEnd -= 1;
      client.on("error", () => {});
      client.once("data", () => client.destroy());
      return;
    }
    const target = connect(targetPort, "127.0.0.1");
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
      socket.on("error", () => {});
    }
    client.pipe(target).pipe(client);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  await listen(0);
  const { port } = server.address() as { port: number };
  const cut = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    cut,
    mend: () => listen(port),
    endNext(connections) {
      toEnd = connections;
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await cut();
    },
  };
}
