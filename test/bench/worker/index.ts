import { openDatabase } from "../../../shared/database.ts";
import { writeItems } from "./batches.ts";
import { deriveMarked } from "./derive.ts";
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
      case "/pass-through": {
        const sql = openDatabase(env.DB_READ);
        const [row] = await sql.unsafe<{ body: string }[]>(
          "select repeat('x', $1::int) as body",
          [Number(searchParams.get("bytes"))],
          { prepare: true },
        );
        return new Response(row?.body ?? "", { headers: { "content-type": "application/json" } });
      }
      default:
        return new Response("bench");
    }
  },
} satisfies ExportedHandler<BenchEnv>;
