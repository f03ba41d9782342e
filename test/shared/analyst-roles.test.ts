import { expect, it } from "vitest";
import { type AnalystSchema, roleOf } from "../../shared/analysts.ts";

it.each<[AnalystSchema[], string | null]>([
  [["reporting"], "analytics_ro_reporting"],
  [["reporting", "fuel"], "analytics_ro_reporting_fuel"],
  [["reporting", "tracksolid", "tickets"], "analytics_ro_reporting_tracksolid_tickets"],
  [["reporting", "tracksolid", "tickets", "fuel"], null],
])("%j is read as %s", (schemas, role) => {
  expect(roleOf(schemas)).toBe(role);
  // As KV may have them.
  expect(roleOf([...schemas].reverse())).toBe(role);
  expect(roleOf([...schemas, ...schemas])).toBe(role);
  expect(roleOf(schemas.filter((schema) => schema !== "reporting"))).toBe(role);
});
