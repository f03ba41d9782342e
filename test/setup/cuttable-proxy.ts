import { connect, createServer, type Socket } from "node:net";

/** Of Postgres: "ReadyForQuery", outside of a transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/** A TCP proxy on loopback that can be cut, as a database that goes away. */
export interface CuttableProxy extends AsyncDisposable {
  port: number;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Ends so many of the connections to come at their first statement, as a pool does that hands out dead ones. */
  endNext(connections: number): void;
  /** Listens again, on the same port; where a port is given, for whoever is there now. */
  mend(targetPort?: number): Promise<void>;
}

/** Starts a proxy to a port of this machine. */
export async function startCuttableProxy(targetPort: number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>();
  let target = targetPort;
  let toEnd = 0;
  const listener = createServer((client) => {
    const server = connect(target, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
      socket.on("error", () => {});
    }
    if (toEnd > 0) {
      toEnd -= 1;
      // What follows the server's word that it is ready is a statement.
      server.on("data", (data) => {
        if (data.subarray(-READY.length).equals(READY)) client.once("data", () => client.destroy());
      });
    }
    client.pipe(server).pipe(client);
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      listener.once("error", reject);
      listener.listen(port, "127.0.0.1", resolve);
    });
  await listen(0);
  const { port } = listener.address() as { port: number };
  const cut = async () => {
    const closed = new Promise((resolve) => listener.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    cut,
    mend(movedTo = target) {
      target = movedTo;
      return listen(port);
    },
    endNext(connections) {
      toEnd = connections;
    },
    async [Symbol.asyncDispose]() {
      if (listener.listening) await cut();
    },
  };
}
