import type * as z from "zod";
import { currency, type FieldOptions, imei, instant, number, text } from "./fields.ts";

/** What can be taken in. */
export type TargetName = "inc" | "crq" | "fills";

/** A column that is taken in: how a cell becomes a value, and its type in the database. */
interface Column {
  type: "text" | "timestamptz" | "double precision" | "numeric";
  schema: z.ZodType<string | number>;
}

/** One of our own tables that rows are taken into. */
export interface Target {
  schema: "tickets" | "fuel";
  table: string;
  /** What it is read through. */
  view: string;
  key: string[];
  /** Without these there is no row. */
  required: string[];
  columns: Record<string, Column>;
  /** What must not be of a whole row, as SQL over its columns, and why. */
  refused: { when: string; reason: string }[];
}

/** The tables, with what their cells may hold. */
export function targetOf(name: TargetName, options: FieldOptions): Target {
  return name === "fills" ? fillsOf(options) : ticketsOf(name, options);
}

function ticketsOf(name: "inc" | "crq", options: FieldOptions): Target {
  const past = instant(options, "past");
  return {
    schema: "tickets",
    table: name === "inc" ? "incidents" : "change_requests",
    view: "reporting.v_tickets",
    key: ["number"],
    required: ["number", "opened_at"],
    columns: {
      number: { type: "text", schema: text },
      state: { type: "text", schema: text },
      priority: { type: "text", schema: text },
      area: { type: "text", schema: text },
      lat: { type: "double precision", schema: number(-90, 90) },
      lng: { type: "double precision", schema: number(-180, 180) },
      opened_at: { type: "timestamptz", schema: past },
      due_at: { type: "timestamptz", schema: instant(options, "any") },
      resolved_at: { type: "timestamptz", schema: past },
      driver_name: { type: "text", schema: text },
      imei: { type: "text", schema: imei },
    },
    refused: [
      { when: "opened_at is null", reason: `is new and has no ${options.nameOf("opened_at")}` },
      { when: "resolved_at < opened_at", reason: "was resolved before it was opened" },
      { when: "(lat is null) <> (lng is null)", reason: "has one of lat and lng without the other" },
      { when: "lat = 0 and lng = 0", reason: "is at 0, 0, where nobody is: leave lat and lng empty" },
    ],
  };
}

function fillsOf(options: FieldOptions): Target {
  return {
    schema: "fuel",
    table: "fills",
    view: "reporting.v_fuel_fills",
    key: ["imei", "filled_at"],
    required: ["imei", "filled_at", "litres"],
    columns: {
      imei: { type: "text", schema: imei },
      filled_at: { type: "timestamptz", schema: instant(options, "past") },
      // A tanker's own tank, and more.
      litres: { type: "double precision", schema: number(0.001, 10_000) },
      cost: { type: "numeric", schema: number(0, 1e12) },
      currency: { type: "text", schema: currency },
      odometer_km: { type: "double precision", schema: number(0, 10_000_000) },
      station: { type: "text", schema: text },
    },
    refused: [
      { when: "litres is null", reason: "is new and has no litres" },
      { when: "cost is not null and currency is null", reason: "has a cost without a currency" },
    ],
  };
}
