import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { shapeOf } from "../../../workers/analyst/catalogue/describe.ts";
import { entries, MACHINERY } from "../../../workers/analyst/catalogue/examples.ts";
import { type CatalogueObject, listObjects, nameOf } from "../../../workers/analyst/catalogue/objects.ts";
import { prompts } from "../../../workers/analyst/catalogue/prompts.ts";
import { TERMS } from "../../../workers/analyst/catalogue/terms.ts";
import { analystOf, createFleet } from "../../setup/analyst.ts";
import type { OwnDatabase } from "../../setup/database.ts";

let database: OwnDatabase;
let context: ReturnType<typeof analystOf>;
let objects: CatalogueObject[];

beforeAll(async () => {
  database = await createFleet();
  context = analystOf(database);
  objects = await listObjects(context);
});
afterAll(async () => {
  await context?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
});

const questions = Object.entries(entries).flatMap(([object, entry]) =>
  entry.questions.map((question) => ({ object, ...question })),
);

describe.each(questions)("$object: $question", ({ sql, columns }) => {
  it("is answered by its SQL, with the columns it speaks of", async () => {
    const rows = await context.read<Record<string, unknown>>(sql);
    expect(Object.keys(rows[0] ?? {})).toEqual(columns);
  });
});

/** What the first question of an object is answered with. */
const answerOf = (object: string) => context.read(entries[object]?.questions[0]?.sql ?? "");

describe("the commonest questions, of the fleet that is known", () => {
  it("who is where", async () => {
    expect(await answerOf("reporting.fn_live_positions")).toMatchObject([
      { plate: "UBA 789C", status: "idling", lat: 0.31 },
      { plate: "KDA 123A", status: "moving", driver: "Wanjiku Kamau" },
      { plate: "KDB 456B", status: "silent" },
    ]);
  });

  it("which vehicles were least used", async () => {
    expect(await answerOf("reporting.v_utilisation_daily")).toMatchObject([
      { plate: "KDB 456B", days_known: "0", moving_h: null, moving_share: null },
      { plate: "UBA 789C", days_known: "0", distance_km: null },
      { plate: "KDA 123A", days_known: "7", moving_h: "28.0", distance_km: "840.0", moving_share: "0.167" },
    ]);
  });

  it("who was late", async () => {
    const [late, ...others] = await answerOf("reporting.v_driver_clock_daily");
    expect(others).toEqual([]);
    expect(late).toMatchObject({ driver_name: "Wanjiku Kamau", mean_late_s: "21600", most_late_s: 21600 });
  });

  it("where fuel went", async () => {
    const [dearest] = await answerOf("reporting.v_fuel_daily");
    expect(dearest).toMatchObject({
      ...{
        plate: "KDA 123A",
        currency: "KES",
        distance_km: "1200",
        estimated_l: "120.0",
        cost_per_km: "18.00",
      },
      ...{ drains: "1", drained_l: "24.0" },
    });
  });

  it("which tickets were resolved without a visit", async () => {
    expect(await answerOf("reporting.fn_ticket_visits")).toMatchObject([
      { number: "INC1", plate: "KDA 123A", outcome: "elsewhere" },
    ]);
  });
});

it("explains everything of reporting that analysts may read, and nothing else that is not there", async () => {
  const readable = await context.read<{ name: string; kind: string }>(`
    select c.relname as name, 'relation' as kind from pg_class c
    where c.relnamespace = 'reporting'::regnamespace and c.relkind in ('r', 'v', 'm', 'p') and has_table_privilege(c.oid, 'select')
    union all
    select p.proname, 'function' from pg_proc p
    where p.pronamespace = 'reporting'::regnamespace and has_function_privilege(p.oid, 'execute')`);
  const explained = Object.keys(entries)
    .filter((name) => name.startsWith("reporting."))
    .map((name) => name.slice("reporting.".length));
  expect([...explained, ...MACHINERY].sort()).toEqual(readable.map(({ name }) => name).sort());
  const functions = readable.filter(({ kind }) => kind === "function").map(({ name }) => name);
  expect(functions).toEqual(expect.arrayContaining([...MACHINERY]));
});

it("has entries for objects that exist", async () => {
  const gone = await database.sql`
    select name from unnest(${Object.keys(entries)}::text[]) name
    where to_regclass(name) is null and to_regproc(name) is null`;
  expect(gone).toEqual([]);
});

/** Whether a name is `schema.object` or `schema.object.column` of what there is. */
async function known(name: string): Promise<boolean> {
  const [schema, object, column] = name.split(".");
  const found = objects.find((one) => one.schema === schema && one.name === object);
  if (!found) return false;
  const { columns } = await shapeOf(found, context);
  return column === undefined || columns.some((one) => one.name === column);
}

/** Of functions; not columns of theirs. */
const ARGUMENTS = ["tolerance_m", "vehicle_type"];

it("speaks in its caveats of columns and objects that are there", async () => {
  const wrong: string[] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const object = objects.find((one) => nameOf(one) === name);
    const own = object ? (await shapeOf(object, context)).columns.map((column) => column.name) : [];
    for (const [, word = ""] of entry.caveats.join(" ").matchAll(/`([a-z_0-9]*[_.][a-z_0-9.]*)`/g)) {
      if (!ARGUMENTS.includes(word) && !own.includes(word) && !(await known(word)))
        wrong.push(`${name}: ${word}`);
    }
  }
  expect(wrong).toEqual([]);
});

it("defines terms by columns that are there", async () => {
  const wrong: string[] = [];
  for (const { columns } of TERMS) {
    for (const column of columns) if (!(await known(column))) wrong.push(column);
  }
  expect(wrong).toEqual([]);
});

it("names each term once, by whatever word people ask with", () => {
  const words = TERMS.flatMap(({ term, also }) => [term, ...also]);
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
});

it("begins each prompt with an entry that has SQL", () => {
  for (const prompt of prompts) {
    const [message] = prompt.messages({});
    const named = [...(message?.text.matchAll(/catalogue:\/\/(\w+)\/(\w+)/g) ?? [])].map(
      ([, schema, name]) => `${schema}.${name}`,
    );
    expect(named.length).toBeGreaterThan(0);
    for (const name of named) expect(Object.keys(entries)).toContain(name);
    expect(message?.text).toContain(entries[named[0] ?? ""]?.questions[0]?.sql);
  }
});

it("knows the unit of every column whose values have one", async () => {
  const unitless = new Set<string>();
  for (const object of objects.filter(({ kind }) => kind !== "function")) {
    for (const column of (await shapeOf(object, context)).columns) {
      const isText = /^(text|boolean|json|jsonb|"char")/.test(column.type);
      if (isText) expect(column.unit, `${nameOf(object)}.${column.name}`).toBeNull();
      else if (column.unit === null) unitless.add(column.name);
    }
  }
  // Counts, codes, shapes, and what is as sent: looked at, one by one.
  expect([...unitless].sort()).toMatchInlineSnapshot(`
    [
      "alarms",
      "api_calls",
      "area",
      "bounds",
      "confidence",
      "drains",
      "ends_at",
      "filled",
      "fixes",
      "from_level",
      "fuel_level",
      "geofence_id",
      "grace",
      "gsm_level",
      "harsh_events",
      "holes",
      "last_rows_received",
      "last_vehicles_left_out",
      "level",
      "mcc",
      "mnc",
      "msg_class",
      "odometer",
      "odometer_breaks",
      "part",
      "points",
      "refills",
      "roads",
      "rows_duplicate",
      "rows_inserted",
      "rows_received",
      "rows_rejected",
      "rows_updated",
      "satellites",
      "sources",
      "speeding_events",
      "to_level",
      "tries",
      "trips",
      "type",
      "unexplained",
      "value",
      "vehicles",
      "vehicles_left_out",
      "vehicles_moved",
      "vehicles_unknown",
      "version",
      "visits",
      "visits_begun",
      "weekday",
      "x",
      "y",
    ]
  `);
});
