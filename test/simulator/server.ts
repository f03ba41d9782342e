import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerControl } from "./control/door.ts";
import { cityNetworks } from "./roads/cities.ts";
import { answerCall } from "./vendor/door.ts";
import type { Reply } from "./vendor/faulty-answer.ts";
import { checkWorldOptions, type WorldOptions } from "./world/options.ts";
import { describeWorld, type WorldInfo } from "./world/world.ts";
import { createWorlds, type Worlds } from "./world/worlds.ts";

const HOST = "127.0.0.1";
/** Far above any real call; a 50-IMEI form is 1 KB. */
const MOST_BODY_BYTES = 1_000_000;
/** Longer than clients keep idle connections, so that they never write into one we have just closed. */
const KEEP_ALIVE_MS = 75_000;

export interface SimulatorOptions {
  /** 0 (the default) takes any free port. */
  port?: number;
  /** Worlds to begin with; more can be made through the control door. */
  worlds?: WorldOptions[];
  /** GeoJSON file whose lines replace the built-in roads of the cities they are near. */
  roadsFile?: string;
}

export interface Simulator {
  /** `http://127.0.0.1:<port>`; methods are posted to `/route/rest`, the control door is `/control/worlds`. */
  url: string;
  /** The worlds asked for, in order. */
  worlds: WorldInfo[];
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a Tracksolid Pro stand-in on 127.0.0.1.
 *
 * @throws when the port is taken, a world option is wrong or the roads file is of no use
 * @example
 * const simulator = await startSimulator({ worlds: [{ seed: 7, vehicles: 20 }] });
 * const { url, appKey, appSecret, userId, userPwdMd5 } = simulator.worlds[0];
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const worlds = createWorlds(cityNetworks(options.roadsFile));
  const first = (options.worlds ?? []).map((world) => worlds.create(checkWorldOptions(world)));
  let url = "";
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    handle(worlds, url, request, response).catch((error: unknown) => {
      // A client that left is its own business; anything else is a bug of ours and must be seen.
      if (request.destroyed && !request.complete) return;
      console.error(error);
      sendJson(response, 500, { error: "the simulator failed; its log says why" });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, HOST, resolve);
  });
  url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    worlds: first.map((world) => describeWorld(world, url)),
    close: () =>
      new Promise((resolve) => {
        worlds.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  worlds: Worlds,
  baseUrl: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", baseUrl);
  const httpMethod = request.method ?? "GET";
  const body = await readBody(request);
  if (body === undefined) {
    sendJson(response, 413, { error: `a body may have at most ${MOST_BODY_BYTES} bytes` });
  } else if (url.pathname === "/route/rest") {
    send(response, answerCall(worlds, httpMethod, url.searchParams, body));
  } else if (url.pathname === "/control/worlds" || url.pathname.startsWith("/control/worlds/")) {
    const { status, body: answer } = await answerControl(worlds, baseUrl, httpMethod, url, body);
    sendJson(response, status, answer);
  } else {
    sendJson(response, 404, {
      error: "methods are posted to /route/rest; the control door is /control/worlds",
    });
  }
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, reply: Reply): void {
  const finish = (): void => {
    if (reply.body === null) response.destroy();
    else response.writeHead(reply.status, { "content-type": reply.contentType }).end(reply.body);
  };
  if (reply.delayMs === 0) {
    finish();
    return;
  }
  const timer = setTimeout(finish, reply.delayMs);
  response.once("close", () => clearTimeout(timer));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
