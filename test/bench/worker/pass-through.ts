import { openDatabase } from "../../../shared/database.ts";
import type { BenchEnv } from "./index.ts";

/** Answers with so many bytes of the database's, in one piece or as a stream of pages. */
export async function passThrough(env: BenchEnv, bytes: number, pages: number): Promise<Response> {
  const sql = openDatabase(env.DB_READ);
  const page = async () => {
    const [row] = await sql.unsafe<{ body: string }[]>(
      "select repeat('x', $1::int) as body",
      [Math.ceil(bytes / pages)],
      { prepare: true },
    );
    return row?.body ?? "";
  };
  const headers = { "content-type": "application/json" };
  const first = await page();
  if (pages === 1) return new Response(first, { headers });
  const encoder = new TextEncoder();
  let given = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        controller.enqueue(encoder.encode(given === 0 ? first : await page()));
        if (++given === pages) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers });
}
