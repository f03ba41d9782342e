import { applyAgain } from "../migrations/apply.ts";
import { createDatabase, type OwnDatabase } from "./database.ts";

/** A database in which the schemas of tickets and fills were there before ours, as SQL made them; or neither was. */
export async function databaseWith(foreign: string): Promise<OwnDatabase> {
  const database = await createDatabase("migrated");
  await database.sql.unsafe(`
    drop view reporting.v_tickets, reporting.v_fuel_fills cascade;
    drop schema tickets, fuel cascade;
    drop function reporting.fn_ticket_vehicles, reporting.fn_visit cascade;
    drop index tracksolid.driver_assignments_driver_idx;
    drop table tracksolid.ticket_rules cascade;
    ${foreign}
  `);
  await applyAgain(database.sql, 23);
  await applyAgain(database.sql, 24);
  return database;
}
