import * as z from "zod";

/** Postgres cuts longer names off. */
const LONGEST_NAME = 63;

export const schemaName = z.string().max(LONGEST_NAME).describe("reporting, tracksolid, tickets or fuel");

export const tableName = z
  .string()
  .max(2 * LONGEST_NAME + 1)
  .describe("Table, view or function; its schema may stand in front: reporting.v_trips");
