import type { Vehicle } from "../../fleet/vehicle.ts";
import { patched } from "../../world/overrides.ts";
import { devicesOf } from "../../world/world.ts";
import { accountIn, groupOf, type Method } from "../method.ts";

/** `jimi.user.device.list`: the devices of one account, not of those below it (reference §2.1). */
export const deviceList: Method = {
  name: "jimi.user.device.list",
  needsToken: true,
  answer: (call) => ({
    result: devicesOf(call.world, accountIn(call, "target")).map((vehicle) =>
      patched(listItem(vehicle), call.world.overrides.get(vehicle.imei)?.listPatch),
    ),
  }),
};

/**
 * The list holds less than the platform knows: the driver is null even when set (§4, quirk 1), the SIM and the
 * plate are null for some. Everything is in the detail.
 */
function listItem(vehicle: Vehicle): Record<string, unknown> {
  const sparse = vehicle.seed % 3 === 0;
  return {
    ...sharedFields(vehicle),
    sim: sparse ? null : vehicle.sim,
    vehicleNumber: vehicle.plateOnlyInName ? "" : sparse ? null : vehicle.plate,
    vehicleName: null,
    driverName: null,
    driverPhone: null,
    reMark: null,
  };
}

/** The fields that list and detail agree about. */
export function sharedFields(vehicle: Vehicle): Record<string, unknown> {
  const { model, seed } = vehicle;
  const month = String(1 + (seed % 12)).padStart(2, "0");
  return {
    imei: vehicle.imei,
    deviceName: vehicle.name,
    mcType: model.mcType,
    mcTypeUseScope: model.scope,
    expiration: vehicle.condition === "expired" ? `2025-${month}-28 23:59:59` : `2036-${month}-01 23:59:59`,
    activationTime: vehicle.condition === "unactivated" ? null : `2024-${month}-01 11:02:20`,
    vehicleIcon: model.icon,
    vehicleModels: seed % 5 === 0 ? null : model.brand,
    carFrame: "",
    enabledFlag: 1,
    engineNumber: null,
    ...groupOf(vehicle.network),
  };
}
