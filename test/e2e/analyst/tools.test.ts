import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectTemplate, resources } from "../../../workers/analyst/catalogue/resources.ts";
import { type Tool, ToolRefusal } from "../../../workers/analyst/tool.ts";
import { tools } from "../../../workers/analyst/tools/fixed.ts";
import { analystOf, createFleet } from "../../setup/analyst.ts";
import type { OwnDatabase } from "../../setup/database.ts";

const HOSTILE = [
  "'; drop table tracksolid.devices; --",
  '" or 1=1',
  "\0",
  "%",
  "_",
  "\\",
  "\ud800",
  "$1",
  "é😀",
];

let database: OwnDatabase;
let analyst: ReturnType<typeof analystOf>;
/** Is let into `reporting` alone. */
let newcomer: ReturnType<typeof analystOf>;

beforeAll(async () => {
  database = await createFleet();
  analyst = analystOf(database);
  newcomer = analystOf(database, ["reporting"]);
});
afterAll(async () => {
  for (const one of [analyst, newcomer, database]) await one?.[Symbol.asyncDispose]();
});

const toolOf = (name: string): Tool => {
  const tool = tools.find((one) => one.name === name);
  if (!tool) throw new Error(`No tool ${name}`);
  return tool;
};

/** Calls a tool as the door does: what it was asked with is read by its schema. */
async function call(name: string, asked: object = {}, who = analyst) {
  const tool = toolOf(name);
  const answer = await tool.run(tool.input.parse(asked), who);
  const body = JSON.parse(answer.body);
  expect(answer.rowCount).toBe(body.row_count ?? null);
  return body;
}

const resource = (uri: string, who = analyst) => {
  const found = resources.find((one) => one.uri === uri);
  if (!found) throw new Error(`No resource ${uri}`);
  return found.read(who);
};

describe("list_schemas", () => {
  it("counts what the analyst may read", async () => {
    const { rows, truncated } = await call("list_schemas");
    expect(truncated).toBe(false);
    expect(rows.map(({ schema }: { schema: string }) => schema)).toEqual([
      ...["reporting", "tracksolid", "tickets", "fuel"],
    ]);
    const [reporting] = rows;
    expect(reporting).toMatchObject({ comment: "Read layer: views and functions over the facts." });
    const [counted] = await database.sql`
      select count(*) filter (where relkind = 'r')::int as tables, count(*) filter (where relkind = 'v')::int as views
      from pg_class where relnamespace = 'reporting'::regnamespace`;
    expect(reporting).toMatchObject(counted ?? {});
    expect(reporting.functions).toBeGreaterThan(10);
  });

  it("shows a newcomer one", async () => {
    expect((await call("list_schemas", {}, newcomer)).rows).toHaveLength(1);
  });
});

describe("list_tables", () => {
  it("says what each is, and what one row is", async () => {
    const { rows } = await call("list_tables", { schema: "tracksolid" });
    expect(rows).toContainEqual({
      name: "position_history",
      kind: "table",
      comment: expect.stringContaining("All fixes"),
      grain: "vehicle and fix",
      row_estimate: 1213,
    });
    expect(rows.find(({ name }: { name: string }) => name === "v_fleet_today")).toMatchObject({
      kind: "view",
      grain: "vehicle",
      row_estimate: null,
    });
  });

  it("lists functions to ask, and no machinery", async () => {
    const { rows } = await call("list_tables", {});
    const names = rows.map(({ name }: { name: string }) => name);
    expect(names).toContain("fn_live_positions");
    expect(names).not.toContain("fn_read_cursor");
  });

  it.each(["tracksolid", "private", "pg_catalog", "", ...HOSTILE])(
    "refuses a newcomer the schema %j",
    async (schema) => {
      await expect(call("list_tables", { schema }, newcomer)).rejects.toThrow(
        new ToolRefusal("schema_not_allowed", "You may not see a schema of that name. Yours: reporting."),
      );
    },
  );
});

describe("describe_table", () => {
  it("explains a view, with units, freshness and questions", async () => {
    const table = await call("describe_table", { table: "v_utilisation_daily" });
    const [today] = await database.sql`select max(day)::text as day from reporting.vehicle_day`;
    expect(table).toMatchObject({
      ...{ schema: "reporting", kind: "view", grain: "vehicle and day", row_estimate: null, keys: [] },
      freshness: { column: "reporting.vehicle_day.day", newest: today?.day },
    });
    expect(table.rows).toContainEqual({
      name: "moving_share",
      type: "double precision",
      nullable: true,
      comment: expect.stringContaining("0 to 1"),
      unit: "0 to 1",
    });
    expect(table.questions[0]).toMatchObject({ question: expect.any(String), sql: expect.any(String) });
  });

  it("finds keys, indexes and the newest instant of a table", async () => {
    const table = await call("describe_table", { schema: "reporting", table: "tracksolid.trips" });
    const [trip] =
      await database.sql`select reporting.fn_iso(max(start_time)) as newest from tracksolid.trips`;
    expect(table).toMatchObject({
      ...{ schema: "tracksolid", name: "trips", kind: "table", arguments: null },
      keys: ["PRIMARY KEY (imei, start_time)"],
      freshness: { column: "tracksolid.trips.start_time", newest: trip?.newest },
    });
    expect(table.indexes).toContain("btree (start_time)");
    expect(table.rows.find(({ name }: { name: string }) => name === "imei").nullable).toBe(false);
  });

  it("says how a function is called, and what it answers with", async () => {
    const table = await call("describe_table", { table: "fn_fleet_today" });
    expect(table).toMatchObject({
      kind: "function",
      arguments: "as_of timestamp with time zone",
      freshness: null,
    });
    expect(table.rows).toContainEqual({
      ...{ name: "distance_km", type: "double precision", nullable: true, comment: null, unit: "km" },
    });
    const trips = await call("describe_table", { table: "fn_trips_for_map" });
    expect(trips.rows).toContainEqual(
      expect.objectContaining({ name: "duration_s", unit: "s", comment: "From start to end, s." }),
    );
    const words = await call("describe_table", { table: "fn_duration_words" });
    expect(words.rows).toMatchObject([{ name: "fn_duration_words", type: "text" }]);
  });

  it("describes everything that is listed", async () => {
    for (const schema of ["reporting", "tracksolid"]) {
      for (const { name } of (await call("list_tables", { schema })).rows) {
        const table = await call("describe_table", { schema, table: name });
        expect(table.rows.length, name).toBeGreaterThan(0);
      }
    }
  });

  it("names the nearest where there is none", async () => {
    await expect(call("describe_table", { table: "v_utilization_dayly" })).rejects.toThrow(
      /Nearest: reporting\.v_utilisation_daily/,
    );
    await expect(call("describe_table", { table: "vehicles" }, newcomer)).rejects.toThrow(
      /Nearest: reporting\.v_vehicles/,
    );
  });

  it.each(["private.receipts", "pg_catalog.pg_authid", "tracksolid.devices"])(
    "refuses a newcomer %s",
    async (table) => {
      await expect(call("describe_table", { table }, newcomer)).rejects.toThrow("Yours: reporting.");
    },
  );

  it.each(HOSTILE)("takes %j for a name", async (table) => {
    await expect(call("describe_table", { table })).rejects.toThrow(ToolRefusal);
  });
});

describe("fleet_now", () => {
  it("counts vehicles, drivers and alarms, and says how fresh that is", async () => {
    const fleet = await call("fleet_now");
    expect(fleet).toMatchObject({
      zone: "Africa/Nairobi",
      vehicles: 3,
      by_status: { moving: 1, idling: 1, silent: 1 },
      by_city: [
        { city: "Kampala", vehicles: 1, by_status: { idling: 1 } },
        { city: "Mombasa", vehicles: 1, by_status: { silent: 1 } },
        { city: "Nairobi", vehicles: 1, by_status: { moving: 1 } },
      ],
      drivers_under_way: 1,
      alarms_today_by_class: { speed: 2, unclassified: 2 },
      oldest_contact: { imei: "861000000000002", plate: "KDB 456B" },
      never_heard_of: 0,
      freshness: { newest_contact_at: expect.stringMatching(/Z$/) },
    });
    expect(fleet.freshness.jobs_not_ok).toContainEqual(
      expect.objectContaining({ job: "tracks", status: "failing" }),
    );
    expect(fleet.summary).toContain("maps show 3 vehicles: 1 idling, 1 moving, 1 silent.");
    expect(fleet.summary).toContain("Longest not heard of: KDB 456B, since ");
    expect(fleet.summary).toContain("tracks (failing)");
  });
});

describe("find_vehicle", () => {
  const found = async (text: string) =>
    (await call("find_vehicle", { text })).rows.map(
      ({ imei, how, matched }: { imei: string; how: string; matched: string }) => [
        imei.slice(-1),
        how,
        matched,
      ],
    );

  it.each([
    ["kda-123a", [["1", "is", "plate"]]],
    ["861000000000002", [["2", "is", "imei"]]],
    ["0003", [["3", "ends_with", "imei"]]],
    ["uba", [["3", "begins_with", "plate"]]],
    ["Ouma", [["2", "contains", "driver"]]],
    ["kamau  WANJIKU", [["1", "contains", "driver"]]],
    ["Van 3", [["3", "is", "name"]]],
    ["nabwire depot", [["3", "is_like", "driver"]]],
    ["UBA Achieng", [["3", "contains", "several"]]],
    ["Wanjku Kamau", [["1", "is_like", "driver"]]],
    ["KDB 465B", [["2", "is_like", "plate"]]],
    ["zzzzzz", []],
    ["--", []],
    ["KDA 999Z", []],
  ])("%s", async (text, expected) => {
    expect(await found(text)).toEqual(expected);
  });

  it("says all that tells vehicles apart", async () => {
    const { rows, truncated } = await call("find_vehicle", { text: "KDA 123A" });
    expect(truncated).toBe(false);
    expect(rows[0]).toEqual({
      ...{ imei: "861000000000001", plate: "KDA 123A", name: "KDA 123A Wanjiku", driver: "Wanjiku Kamau" },
      ...{ account: "fireside", city: "Nairobi", segment: "field", vehicle_type: "van", enabled: true },
      ...{ hidden_on_map: false, how: "is", matched: "plate", likeness: 1 },
    });
  });

  it.each(HOSTILE)("takes %j for a text", async (text) => {
    expect((await call("find_vehicle", { text })).rows).toEqual([]);
  });

  it.each(["", "   ", "x".repeat(61)])("refuses %j", (text) => {
    expect(toolOf("find_vehicle").input.safeParse({ text }).success).toBe(false);
  });
});

describe("resources", () => {
  it("have an index of what the analyst may read", async () => {
    const index = await resource("catalogue://index");
    expect(index).toContain(
      "- `v_utilisation_daily` (view, a row per vehicle and day): How much a vehicle was used on a day.",
    );
    expect(index).toContain("## tracksolid");
    expect(await resource("catalogue://index", newcomer)).not.toContain("## tracksolid");
  });

  it("define utilisation without a query", async () => {
    const terms = await resource("catalogue://terms");
    expect(terms).toMatch(/## utilisation\n\n.*moving \/ \(moving \+ idling \+ parked\), 0 to 1/);
    expect(terms).toContain("`reporting.v_utilisation_daily.moving_share`");
  });

  it("have a page for each object", async () => {
    const list = await objectTemplate.list(analyst);
    expect(list.map(({ uri }) => uri)).toContain("catalogue://reporting/v_trips");
    const page = await objectTemplate.read({ schema: "reporting", name: "v_trips" }, analyst);
    expect(page).toContain("# reporting.v_trips (view)");
    expect(page).toContain("- Grain: trip.");
    expect(page).toContain("| `duration_s` | integer | s |  | From start to end, s. |");
    expect(page).toMatch(/## Which were the longest trips of the last seven days\?\n\n```sql\nselect/);
    const call = await objectTemplate.read({ schema: "reporting", name: "fn_fleet_today" }, analyst);
    expect(call).toContain("select … from reporting.fn_fleet_today(as_of timestamp with time zone)");
  });

  it("keep a newcomer to their schema", async () => {
    expect(
      (await objectTemplate.list(newcomer)).every(({ uri }) => uri.startsWith("catalogue://reporting/")),
    ).toBe(true);
    await expect(objectTemplate.read({ schema: "tracksolid", name: "devices" }, newcomer)).rejects.toThrow(
      ToolRefusal,
    );
    await expect(
      objectTemplate.read({ schema: "reporting", name: "tracksolid.devices" }, newcomer),
    ).rejects.toThrow(ToolRefusal);
  });

  it("have the fleet's values", async () => {
    const values = JSON.parse(await resource("vocabulary://fleet"));
    expect(values).toMatchObject({
      zone: "Africa/Nairobi",
      accounts: [
        { value: "fireside", vehicles: 2 },
        { value: "lakeside", vehicles: 1 },
      ],
      cities: [{ value: "Kampala" }, { value: "Mombasa" }, { value: "Nairobi", vehicles: 1 }],
      segments: [
        { value: "depot", vehicles: 1 },
        { value: "field", vehicles: 2 },
      ],
      vehicle_types: [
        { value: "pickup", vehicles: 1 },
        { value: "van", vehicles: 2 },
      ],
      drivers: 3,
      ticket_states_365_days: [
        { kind: "INC", state: "assigned", is_open: true, tickets: 1 },
        { kind: "INC", state: "closed", is_open: false, tickets: 1 },
      ],
    });
    expect(Object.keys(values.statuses).sort()).toEqual(["idling", "moving", "parked", "silent", "unknown"]);
    expect(values.alarms_30_days).toContainEqual({
      class: "unclassified",
      alarms: 20,
      kinds: [{ code: "vendor:new", name: null, alarms: 20 }],
    });
    expect(values.insight_kinds.length).toBeGreaterThan(5);
  });
});
