import { ANALYST_ROLE, ANALYST_SCHEMAS, type AnalystSchema, roleOf } from "../../shared/analysts.ts";
import type { PartRole } from "./definition.ts";

/**
 * `reporting.fn_driver_at` reads it as whoever calls, and so `v_trips`, `v_fuel_events` and `v_fuel_daily` do: who drove when, which
 * they tell anyway. No table that history is in may ever be here: its chunks are in a schema that everybody may use.
 */
const BESIDE = ["tracksolid.driver_assignments"];

/** Roles that the analysts' door becomes for those who are not let into all schemas, one for each choice there is. */
export const analystParts: PartRole[] = choices(ANALYST_SCHEMAS.filter((schema) => schema !== "reporting"))
  .map((others): AnalystSchema[] => ["reporting", ...others])
  .flatMap((schemas) => {
    const name = roleOf(schemas);
    return name === null
      ? []
      : [
          {
            name,
            kind: "part",
            purpose: `Analysts who read ${schemas.join(", ")}.`,
            of: ANALYST_ROLE,
            schemas,
            beside: schemas.includes("tracksolid") ? [] : BESIDE,
          },
        ];
  });

/** All there are, from none of them to all. */
function choices<Item>([first, ...rest]: Item[]): Item[][] {
  if (first === undefined) return [[]];
  const without = choices(rest);
  return [...without, ...without.map((some) => [first, ...some])];
}
