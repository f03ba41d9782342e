import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lane, openLane } from "../../../scripts/backup/lane.ts";
import { copyOut } from "../../../scripts/database/copy-out.ts";
import { createDatabase, type OwnDatabase } from "../../setup/database.ts";

let database: OwnDatabase;
let lane: Lane;
beforeAll(async () => {
  database = await createDatabase("empty");
  lane = openLane(database.url);
});
afterAll(async () => {
  lane?.cut();
  await database?.[Symbol.asyncDispose]();
});

it.each([0, 1, 900, 1_000, 1_100, 5_000])(
  "leaves the connection to the next statement, whoever is slow to take %d rows",
  async (rows) => {
    const { chunks } = copyOut(lane.sql, `select repeat('x', 99) from generate_series(1, ${rows})`);
    let bytes = 0;
    for await (const chunk of chunks) {
      // All of it comes meanwhile, or as much as there is room for.
      if (bytes === 0) await pause(200);
      bytes += chunk.length;
    }
    expect(bytes).toBe(rows * 100);
    expect(await lane.sql`select 1 as one`).toEqual([{ one: 1 }]);
  },
);
