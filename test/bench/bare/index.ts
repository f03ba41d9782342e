import { DurableObject } from "cloudflare:workers";

/** Bindings of the bare Worker. */
interface BareEnv {
  OBJECT: DurableObjectNamespace<BareObject>;
}

/** What to answer with, as it was posted. */
let body = new Uint8Array();
let headers: Record<string, string> = {};

/** An object that hands out what it was given. */
export class BareObject extends DurableObject<BareEnv> {
  #body = new Uint8Array();

  keep(body: Uint8Array<ArrayBuffer>): void {
    this.#body = body;
  }

  /** Tells every socket. */
  tell(text: string): void {
    for (const socket of this.ctx.getWebSockets()) socket.send(text);
  }

  override async fetch(request: Request): Promise<Response> {
    if (request.headers.get("upgrade") === null) {
      return new Response(request.url.endsWith("/unchanged") ? null : this.#body);
    }
    const { 0: client, 1: server } = new WebSocketPair();
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(): void {
    // Acknowledgements: nobody waits for them here.
  }
}

/** What a request to the product leaves in the log. */
const LINE = {
  level: "info",
  event: "request",
  requestId: "01a1fc4f-baef-7523-a4cd-f407355ebb04",
  route: "/v1/live",
  method: "GET",
  status: 200,
  durationMs: 0,
  callerKind: "anonymous",
  code: null,
  caller: "anonymous",
  ray: null,
  version: "6f3c8f2e-1b1f-4d53-9d3c-0c5a5a7c3c11",
};

/** What a Worker can do at best: answers with the bytes last posted, of itself or from an object. */
export default {
  async fetch(request, env) {
    const object = env.OBJECT.getByName("bare");
    const { pathname } = new URL(request.url);
    switch (`${request.method} ${pathname}`) {
      case "POST /":
        body = new Uint8Array(await request.arrayBuffer());
        headers = JSON.parse(request.headers.get("x-headers") ?? "{}") as Record<string, string>;
        await object.keep(body);
        return new Response();
      case "POST /tell":
        await object.tell(await request.text());
        return new Response();
      case "GET /unchanged":
        return new Response(null, { status: 304, headers });
      case "GET /logged":
        console.info(LINE);
        return new Response(body, { headers, encodeBody: "manual" });
      case "GET /logged/unchanged":
        console.info(LINE);
        return new Response(null, { status: 304, headers });
      case "GET /object/unchanged":
        await object.fetch(request);
        return new Response(null, { status: 304, headers });
      case "GET /object":
        return new Response((await object.fetch(request)).body, { headers, encodeBody: "manual" });
      case "GET /stream":
        return object.fetch(request);
      default:
        return new Response(body, { headers, encodeBody: "manual" });
    }
  },
} satisfies ExportedHandler<BareEnv>;
