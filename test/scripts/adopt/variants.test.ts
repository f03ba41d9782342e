import { expect, it } from "vitest";
import { adoptCommand } from "../../../scripts/db-adopt.ts";
import { callCommand } from "../../setup/command.ts";
import { createDatabase } from "../../setup/database.ts";
import { oldDatabase } from "../../setup/earlier/database.ts";
import { shapeOf } from "./shape.ts";
import { VARIANTS } from "./variants.ts";

const adopted = VARIANTS.filter(({ conflict }) => conflict === null);

it.each(adopted)("adopts a database with $name: nothing of ours is missing", async ({ sql, empty }) => {
  await using database = await oldDatabase({ variant: sql, history: !empty });
  await using ours = await createDatabase("migrated");
  const { code, stdout, stderr } = await callCommand(adoptCommand, ["--apply"], {
    DATABASE_URL: database.url,
  });
  expect(stderr, stdout).toBe("");
  expect(code).toBe(0);
  const [wanted, there] = await Promise.all([shapeOf(ours.sql), shapeOf(database.sql)]);
  expect(wanted.filter((thing) => !there.includes(thing))).toEqual([]);
});

it.each(VARIANTS.filter(({ conflict }) => conflict !== null))(
  "says what is in the way of a database with $name, and changes nothing",
  async ({ sql, conflict, empty }) => {
    await using database = await oldDatabase({ variant: sql, history: !empty });
    const before = await shapeOf(database.sql);
    const { code, stdout } = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: database.url });
    expect(stdout).toMatch(conflict as RegExp);
    expect(code).toBe(1);
    expect(await shapeOf(database.sql)).toEqual(before);
  },
);
