import { expect, it } from "vitest";
import { localRoleUrls } from "../../scripts/database/roles.ts";
import { openLocalDatabase } from "../../scripts/local/database.ts";
import { connect, createDatabase } from "../setup/database.ts";

it("closes a local database as db:roles closes others", async () => {
  await using database = await createDatabase("migrated");
  const { analyst, read, ingest } = localRoleUrls(database.url);
  for (const url of [analyst, read]) {
    await using reader = connect(url);
    await expect(reader`select set_config('work_mem', '1GB', true)`).rejects.toMatchObject({ code: "42501" });
    await expect(reader`select pg_sleep(0)`).rejects.toMatchObject({ code: "42501" });
  }
  await using writer = connect(ingest);
  await writer`select set_config('tracksolid.x', 'y', true)`;
  await using analysts = connect(analyst);
  const rows = await analysts.begin("read only", async (tx) => {
    await tx`set local role analytics_ro_reporting`;
    return tx`select current_user as role, current_setting('temp_file_limit') as temporary`;
  });
  expect([...rows]).toEqual([{ role: "analytics_ro_reporting", temporary: "1GB" }]);
});

it.each(["INGEST", "READ", "ANALYST"])(
  "wants to know as whom %s connects to a database of one's own",
  async (missing) => {
    const url = "postgres://nobody@127.0.0.1:1/fleet";
    const environment: NodeJS.ProcessEnv = {
      ...process.env,
      ...{ DATABASE_URL: url, DATABASE_URL_INGEST: url, DATABASE_URL_READ: url, DATABASE_URL_ANALYST: url },
      [`DATABASE_URL_${missing}`]: "",
    };
    await expect(openLocalDatabase(".", "/nowhere", true, environment)).rejects.toThrow(
      /DATABASE_URL_ANALYST\s+\(role analytics_ro\) have to be set too/,
    );
  },
);
