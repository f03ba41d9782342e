import { writeItems } from "./batches.ts";
import { deriveMarked } from "./derive.ts";
import { passThrough } from "./pass-through.ts";
import { writeRounds } from "./rounds.ts";

/** Bindings of the bench Worker. */
export interface BenchEnv {
  DB_INGEST: Hyperdrive;
  DB_READ: Hyperdrive;
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    switch (pathname) {
      case "/rounds":
        return Response.json(await writeRounds(env, await request.json()));
      case "/items":
        return Response.json(await writeItems(env, await request.json()));
      case "/derive":
        return Response.json(await deriveMarked(env));
      case "/pass-through":
        return passThrough(env, Number(searchParams.get("bytes")), Number(searchParams.get("pages") ?? 1));
      default:
        return new Response("bench");
    }
  },
} satisfies ExportedHandler<BenchEnv>;
