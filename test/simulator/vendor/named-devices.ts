import type { Device } from "../push/message.ts";
import { namedImeis } from "../world/faults.ts";
import { accountOf, deviceWith, type World } from "../world/world.ts";
import { badParameter, illegal } from "./errors.ts";
import { accountIn, type Call, required } from "./method.ts";

const MOST_IMEIS = 100;

/**
 * The devices `imeis` names, in its order and each once. One stranger spoils the batch (reference §1.9).
 *
 * @throws VendorError 1001 when there are none or too many, 1002 for a device that is not ours
 */
export function devicesNamed(world: World, imeis: string): Device[] {
  const named = [...new Set(namedImeis({ imeis }))];
  if (named.length === 0 || named.length > MOST_IMEIS) throw badParameter(`imeis must be 1 to ${MOST_IMEIS}`);
  return named.map((imei) => {
    const vehicle = deviceWith(world, imei);
    if (vehicle === undefined) throw illegal("user or device");
    return deviceOf(world, vehicle);
  });
}

/** The devices of the account a report is asked for. */
export function devicesOfAccount(call: Call): Device[] {
  const account = accountIn(call, "account");
  const devices = devicesNamed(call.world, required(call.params, "imeis"));
  if (devices.some(({ vehicle }) => accountOf(call.world, vehicle) !== account)) {
    throw illegal("user or device");
  }
  return devices;
}

/** A device with the clock it has now. */
export const deviceOf = (world: World, vehicle: Device["vehicle"]): Device => ({
  vehicle,
  clockOffsetS: world.overrides.get(vehicle.imei)?.clockOffsetS ?? 0,
});
