import { devicesOf } from "../../world/world.ts";
import { accountIn, type Method } from "../method.ts";
import { locationItem } from "./location-item.ts";

/** `jimi.user.device.location.list`: where all devices of an account are (reference §2.6). */
export const locationList: Method = {
  name: "jimi.user.device.location.list",
  needsToken: true,
  answer: (call) => {
    const { world } = call;
    const fleetS = world.clock.fleetMs() / 1000;
    const result = devicesOf(world, accountIn(call, "target"))
      // Devices that never reported are missing without a word (§4, quirk 20).
      .filter(({ condition }) => condition !== "unactivated")
      .filter(({ imei }) => world.overrides.get(imei)?.omitFromLocationList !== true)
      .map((vehicle) => locationItem(world, vehicle, fleetS));
    return { result, data: null };
  },
};
