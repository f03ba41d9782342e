import { randomUUID } from "node:crypto";
import { applyRoles, type RolesOutcome } from "../../scripts/roles/apply.ts";
import type { RoleDefinition } from "../../scripts/roles/definition.ts";
import { tracksolid } from "../../scripts/roles/tracksolid.ts";
import type { OwnDatabase } from "../setup/database.ts";

/**
 * Does to a database of the shared server what `db:roles` does, but for the roles themselves, which belong to all of the server: in
 * their place are others that are gone afterwards.
 */
export async function applyThrowAwayRoles({ sql }: OwnDatabase): Promise<RolesOutcome> {
  const suffix = randomUUID().slice(0, 8);
  const renamed = (name: string) => `${name}_${suffix}`;
  const roles: RoleDefinition[] = tracksolid.roles.map((role) => ({
    ...role,
    name: renamed(role.name),
    ...("of" in role ? { of: renamed(role.of) } : {}),
  }));
  const request = { apply: true, rotate: [], withOwner: false, revokeFunctions: false };
  const outcome = await applyRoles(sql, { ...tracksolid, roles }, request);
  for (const { name } of roles) await sql`drop owned by ${sql(name)}`;
  for (const { name } of roles) await sql`drop role ${sql(name)}`;
  return outcome;
}
