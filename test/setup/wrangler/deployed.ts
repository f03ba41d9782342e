import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Tree } from "./tree.ts";

/** The URL of what a tree deployed to an environment. */
export interface Deployed extends AsyncDisposable {
  url: string;
  /** Versions whose database does not answer. */
  ill: Set<string>;
  /** Called with each path that is asked for, before it is answered. */
  onAsk: (path: string) => Promise<void>;
}

/**
 * Answers as the routes of workers/api/health.ts do, by the version that has the most of the traffic, or, as the platform does,
 * by the one that the request asks for, where it has a part of the traffic.
 */
export async function startDeployed(tree: Tree, environment: string): Promise<Deployed> {
  const name = `tracksolid-edge-${environment}`;
  const server = createServer((request, response) => {
    void answer(
      String(request.url),
      String(request.headers["cloudflare-workers-version-overrides"] ?? ""),
    ).then(([status, body]) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
    );
  });
  const deployed: Deployed = {
    url: "",
    ill: new Set(),
    onAsk: async () => {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  async function answer(path: string, override: string): Promise<[number, unknown]> {
    await deployed.onAsk(path);
    const [active] = (await tree.account()).workers[name]?.deployments ?? [];
    const parts = [...(active?.versions ?? [])].sort((a, b) => b.percentage - a.percentage);
    const asked = parts.find(({ version_id }) => override === `${name}="${version_id}"`);
    const version = (asked ?? parts[0])?.version_id;
    if (version === undefined) return [404, {}];
    if (path === "/health") return [200, { status: "ok", environment, mode: "owner", version, warnings: [] }];
    const isIll = deployed.ill.has(version) || deployed.ill.has("all");
    return [
      isIll ? 503 : 200,
      { status: isIll ? "not_ready" : "ready", database: isIll ? "down" : "ok", backlog: null },
    ];
  }
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  deployed.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return deployed;
}
