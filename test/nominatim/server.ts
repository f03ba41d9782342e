import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FAULT_KINDS, type Fault, jsonReply, type Reply, spoil } from "./faults.ts";
import { displayName } from "./names.ts";

const HOST = "127.0.0.1";

/** A request as it came. */
export interface NominatimRequest {
  /** ms since the epoch. */
  atMs: number;
  lat: number;
  lng: number;
  userAgent: string;
  /** The other parameters. */
  parameters: Record<string, string>;
}

export interface Nominatim {
  /** `http://127.0.0.1:<port>`; `/reverse` answers, `/control/requests` and `/control/faults` are the control door. */
  url: string;
  /** Ends every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a stand-in for Nominatim's `/reverse` on 127.0.0.1: made-up roads, always the same for a place.
 * @throws when the port is taken
 */
export async function startNominatim({ port = 0 } = {}): Promise<Nominatim> {
  const requests: NominatimRequest[] = [];
  let faults: Fault[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", `http://${HOST}`);
    if (url.pathname === "/reverse") {
      send(response, reverse(request, url));
    } else if (url.pathname === "/control/requests") {
      if (request.method === "DELETE") requests.length = 0;
      const band = url.searchParams.get("band");
      const asked = requests.filter(({ lat }) => band === null || Math.floor(lat) === Number(band));
      send(response, jsonReply(asked));
    } else if (url.pathname === "/control/faults") {
      if (request.method === "DELETE") faults = [];
      if (request.method === "POST") {
        const fault = JSON.parse(await textOf(request)) as Fault;
        if (!FAULT_KINDS.includes(fault.kind)) {
          send(response, jsonReply({ error: `kind must be one of ${FAULT_KINDS.join(", ")}` }, 400));
          return;
        }
        faults.push(fault);
      }
      send(response, jsonReply(faults));
    } else {
      send(response, jsonReply({ error: "ask /reverse; the control door is /control" }, 404));
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, resolve);
  });

  function reverse(request: IncomingMessage, url: URL): Reply {
    const { lat: latText, lon, ...parameters } = Object.fromEntries(url.searchParams);
    const [lat, lng] = [Number(latText), Number(lon)];
    requests.push({
      ...{ atMs: Date.now(), lat, lng, parameters },
      userAgent: request.headers["user-agent"] ?? "",
    });
    if (!latText || !lon || Math.abs(lat) > 90 || Math.abs(lng) > 180) {
      return jsonReply({ error: { code: 400, message: "Parameters lat and lon are needed" } }, 400);
    }
    const fault = faults.find(
      ({ band, times }) => (band ?? Math.floor(lat)) === Math.floor(lat) && times !== 0,
    );
    if (fault?.times !== undefined) fault.times -= 1;
    const name = displayName(lat, lng);
    return fault
      ? spoil(fault, name)
      : jsonReply({ lat: latText, lon, display_name: name, category: "highway" });
  }

  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, { status, headers, body, delayMs }: Reply): void {
  const finish = () => {
    if (body === null) response.destroy();
    else response.writeHead(status, headers).end(body);
  };
  const timer = setTimeout(finish, delayMs);
  response.once("close", () => clearTimeout(timer));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
