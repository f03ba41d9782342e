import { devicesOf } from "../../world/world.ts";
import { accountIn, groupOf, type Method } from "../method.ts";

/** `jimi.device.group.list`: the groups the devices of an account are in (reference §2.4). */
export const groupList: Method = {
  name: "jimi.device.group.list",
  needsToken: true,
  answer: (call) => {
    const names = new Map([["0".repeat(32), "Default group"]]);
    for (const { network } of devicesOf(call.world, accountIn(call, "account"))) {
      const { deviceGroupId, deviceGroup } = groupOf(network);
      names.set(deviceGroupId, deviceGroup);
    }
    return { result: [...names].map(([group_id, group_name]) => ({ group_id, group_name })) };
  },
};
