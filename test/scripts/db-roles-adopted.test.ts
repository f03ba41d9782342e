import { expect, it } from "vitest";
import { adoptCommand } from "../../scripts/db-adopt.ts";
import { callCommand } from "../setup/command.ts";
import { oldDatabase } from "../setup/earlier/database.ts";
import { applyThrowAwayRoles } from "./throw-away-roles.ts";

it("gives no false alarm in a database that is taken over", async () => {
  await using database = await oldDatabase();
  expect(await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: database.url })).toMatchObject({
    code: 0,
  });
  const [adopted] = await database.sql`
    select to_regclass('private.shared_token') is not null as token,
      exists (select from pg_proc where pronamespace = 'private'::regnamespace and proname like 'adopted\\_%' and prosecdef) as triggers`;
  expect(adopted).toEqual({ token: true, triggers: true });
  const { visible, strangers, open } = await applyThrowAwayRoles(database);
  expect({ visible, strangers, open }).toEqual({ visible: [], strangers: [], open: [] });
});
