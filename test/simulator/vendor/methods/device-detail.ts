import { lastKnown } from "../../fleet/reports.ts";
import type { Vehicle } from "../../fleet/vehicle.ts";
import { patched } from "../../world/overrides.ts";
import { accountOf, deviceWith, type World } from "../../world/world.ts";
import { illegal } from "../errors.ts";
import { customerName, type Method, required } from "../method.ts";
import { sharedFields } from "./device-list.ts";

/** `jimi.track.device.detail`: one device in full (reference §2.2). */
export const deviceDetail: Method = {
  name: "jimi.track.device.detail",
  needsToken: true,
  answer: ({ world, params }) => {
    const vehicle = deviceWith(world, required(params, "imei"));
    if (vehicle === undefined) throw illegal("user or device");
    return { result: patched(detail(world, vehicle), world.overrides.get(vehicle.imei)?.detailPatch) };
  },
};

function detail(world: World, vehicle: Vehicle): Record<string, unknown> {
  const shared = sharedFields(vehicle);
  const account = accountOf(world, vehicle);
  const odometerKm = lastKnown(vehicle, world.clock.fleetMs() / 1000)?.report.odometerKm;
  return {
    ...shared,
    account,
    customerName: customerName(account),
    user_expiration: `${account},${String(shared.expiration).slice(0, 10)}`,
    sim: vehicle.sim,
    vehicleName: vehicle.plateOnlyInName ? null : vehicle.name,
    vehicleNumber: vehicle.plateOnlyInName ? "" : vehicle.plate,
    driverName: vehicle.driver,
    driverPhone: vehicle.driverPhone,
    reMark: "",
    carFrame: null,
    iccid: `8925400000${String(vehicle.index).padStart(10, "0")}`,
    imsi: "",
    importTime: "2024-01-01 02:10:00",
    licensePlatNo: vehicle.plateOnlyInName ? "" : vehicle.plate,
    vin: null,
    vehicleBrand: vehicle.model.brand,
    fuel_100km: String(7 + (vehicle.seed % 9)),
    status: "1",
    currentMileage: odometerKm === undefined ? null : odometerKm.toFixed(1),
  };
}
