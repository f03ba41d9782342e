import type { Override, Patch } from "../world/overrides.ts";
import type { World } from "../world/world.ts";
import { badInput, ControlError, fieldsOf, numberIn, type Resource, textIn } from "./control.ts";

/**
 * `POST …/devices/{imei}` changes what the platform says about a device, on top of earlier changes (a new
 * `patch` replaces the old one); `DELETE` takes all changes back.
 */
export const devices: Resource = (world, { httpMethod, rest, body }) => {
  const [, imei] = rest;
  if (imei === undefined || rest.length > 2) return undefined;
  if (!world.byImei.has(imei)) {
    throw new ControlError(404, `no device ${imei} in this world; GET …/vehicles lists them`);
  }
  if (httpMethod === "DELETE") {
    world.overrides.delete(imei);
    return { status: 200, body: { restored: imei } };
  }
  if (httpMethod !== "POST") return undefined;
  const override = { ...world.overrides.get(imei), ...overrideIn(world, body) };
  world.overrides.set(imei, override);
  return { status: 200, body: override };
};

function overrideIn(world: World, body: Record<string, unknown>): Override {
  fieldsOf(body, [
    ...["patch", "detailPatch", "listPatch", "omitFromLocationList", "removed", "account", "clockOffsetS"],
  ]);
  const override: Override = {};
  for (const name of ["patch", "detailPatch", "listPatch"] as const) {
    if (body[name] !== undefined) override[name] = patchIn(name, body[name]);
  }
  for (const name of ["omitFromLocationList", "removed"] as const) {
    const value = body[name];
    if (value === undefined) continue;
    if (typeof value !== "boolean") throw badInput(`"${name}" must be true or false`);
    override[name] = value;
  }
  const clockOffsetS = numberIn(body, "clockOffsetS", -Infinity);
  if (clockOffsetS !== undefined) override.clockOffsetS = Math.round(clockOffsetS);
  const account = textIn(body, "account");
  if (account !== undefined) {
    if (!world.accounts.visible(account)) {
      throw badInput(
        `no account "${account}"; there are ${[...new Set([world.accounts.login, ...world.accounts.withDevices])].join(", ")}`,
      );
    }
    override.account = account;
  }
  return override;
}

function patchIn(name: string, value: unknown): Patch {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw badInput(`"${name}" must be an object of the vendor's fields, for example {"speed": "88"}`);
  }
  return value as Patch;
}
