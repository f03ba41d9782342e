import { namedImeis } from "../../world/faults.ts";
import { deviceWith } from "../../world/world.ts";
import { badParameter, illegal } from "../errors.ts";
import { type Method, required } from "../method.ts";
import { locationItem } from "./location-item.ts";

const MOST_IMEIS = 100;

/** `jimi.device.location.get`: where chosen devices are (reference §2.6). One stranger spoils the batch (§1.9). */
export const locationGet: Method = {
  name: "jimi.device.location.get",
  needsToken: true,
  answer: ({ world, params }) => {
    const imeis = namedImeis({ imeis: required(params, "imeis") });
    if (imeis.length === 0 || imeis.length > MOST_IMEIS)
      throw badParameter(`imeis must be 1 to ${MOST_IMEIS}`);
    const fleetS = world.clock.fleetMs() / 1000;
    const result = imeis.map((imei) => {
      const vehicle = deviceWith(world, imei);
      if (vehicle === undefined) throw illegal("user or device");
      return locationItem(world, vehicle, fleetS);
    });
    return { result, data: null };
  },
};
