import { type AddressInfo, createServer, connect as dial } from "node:net";
import postgres from "postgres";
import { expect, inject, it } from "vitest";
import { inOneTrip } from "../../shared/database.ts";

/** Where a client finds the database, and how often it has sent something. */
async function startCounter() {
  const { port } = new URL(inject("cluster").sharedUrl);
  let sent = 0;
  const server = createServer({ noDelay: true }, (client) => {
    const database = dial({ host: "127.0.0.1", port: Number(port), noDelay: true });
    for (const socket of [client, database]) socket.on("error", () => {});
    client.on("data", () => {
      sent += 1;
    });
    client.pipe(database).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(inject("cluster").sharedUrl);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    sent: () => sent,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

it("sends a statement and its parameters at once, and reads them as what they are, the first time and after", async () => {
  await using counter = await startCounter();
  const sql = postgres(counter.url, { max: 1, fetch_types: false, onnotice: () => {} });
  await sql`select 1`;
  const statement = `select $1::text as text, $2::integer as whole, $3::float8 as number, $4::boolean as yes, $5::boolean as no,
    $6::text as nothing, $7::text::json ->> 'a' as json, $8::text::timestamptz at time zone 'UTC' = '2026-01-15T08:30' as at`;
  const values = ['a "quoted" ж', 7, 0.1, true, false, null, '{"a":"b"}', "2026-01-15T08:30:00Z"];
  const read = {
    ...{
      text: 'a "quoted" ж',
      whole: 7,
      number: 0.1,
      yes: true,
      no: false,
      nothing: null,
      json: "b",
      at: true,
    },
  };
  for (const _ of [1, 2, 3]) {
    const before = counter.sent();
    expect(await inOneTrip(sql, statement, values)).toEqual([read]);
    expect(counter.sent() - before).toBe(1);
  }
  await expect(inOneTrip(sql, "select 1 / $1::integer", [0])).rejects.toMatchObject({ code: "22012" });
  await expect(inOneTrip(sql, "select $1::integer", ["x"])).rejects.toMatchObject({ code: "22P02" });
  await expect(inOneTrip(sql, "select $1::text; select 2", ["x"])).rejects.toMatchObject({ code: "42601" });
  await expect(inOneTrip(sql, "select $1::text, $2::text", ["x"])).rejects.toMatchObject({ code: "08P01" });
  expect(values).toHaveLength(8);
  await sql.end();
});
