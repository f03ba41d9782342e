import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { turnsIn } from "../../fleet/happenings.ts";
import { connectionsIn } from "../connections.ts";
import { hubKind, type Kind, type Message, otherMessage, ownTime } from "../message.ts";

const STATUS_EVERY_S = 600;
const COMMAND_EVERY_S = 6 * 3600;

/** `/pushTerminalTransInfo`: `content` looks like JSON and is none. */
export const terminalInfo = hubKind("pushTerminalTransInfo", (device, span) => {
  const { vehicle } = device;
  if (!equipmentOf(vehicle).jtt) return [];
  return arrivals(vehicle, span, (taken) => turnsIn(vehicle, taken, STATUS_EVERY_S)).map(
    ({ takenS, arrivedS }) =>
      otherMessage("pushTerminalTransInfo", arrivedS, {
        deviceImei: vehicle.imei,
        postTime: ownTime(device, takenS),
        extensionId: 8197,
        content: `{8193:${(20 + (takenS % 100) / 10).toFixed(1)}}`,
      }),
  );
});

/**
 * `/pushInstructResponse`: answers to commands, with `msgType` 1. A command that waited for a device until it
 * logged in is answered as a bare object with `msgType` 2.
 */
export const commandAnswers: Kind = {
  ...hubKind("pushInstructResponse", ({ vehicle }, span) => {
    const answer = (atS: number): Message =>
      otherMessage("pushInstructResponse", atS, {
        code: 0,
        msg: "success",
        data: {
          _code: "100",
          _imei: vehicle.imei,
          _content: "STATUS#",
          _msg: "Battery:4.14V,NORMAL; GPRS:Link Up; GSM Signal Level:Strong; GPS:Successful positioning",
          _serverFlagId: String(atS * 1000),
        },
      });
    const live = arrivals(vehicle, span, (taken) => turnsIn(vehicle, taken, COMMAND_EVERY_S))
      .filter(({ stored }) => !stored)
      .map(({ arrivedS }) => answer(arrivedS));
    const waited = connectionsIn(vehicle, span)
      .filter(({ type }) => type === "LOGIN")
      .map(({ arrivedS }) => ({ ...answer(arrivedS), bareWith: { msgType: 2 } }));
    return [...live, ...waited];
  }),
  beside: { msgType: "1" },
};
