import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { drivesEndedIn, happeningsIn } from "../../fleet/happenings.ts";
import { positionAt } from "../../fleet/position.ts";
import type { Vehicle } from "../../fleet/vehicle.ts";
import { gateTime, hubKind, type Kind, type Message, otherMessage, ownTime } from "../message.ts";

/** A camera uploads what it saw of an alarm so many seconds later. */
const UPLOADED_AFTER_S = 20;

const fileNameOf = (atS: number): string => `EVENT_${atS}.mp4`;
const instructionOf = ({ seed }: Vehicle, atS: number): string =>
  ((seed ^ atS) >>> 0).toString(16).padStart(8, "0");

type Say = (device: Parameters<Kind["messages"]>[0], atS: number, arrivedS: number) => Message["item"];

/** A push of cameras after every distraction of the driver; `atS` is when that was. */
const afterAlarm = (name: string, say: Say): Kind =>
  hubKind(name, (device, span) => {
    const { vehicle } = device;
    if (!equipmentOf(vehicle).camera) return [];
    return arrivals(vehicle, span, ({ fromS, toS }) =>
      happeningsIn(vehicle, { fromS: fromS - UPLOADED_AFTER_S, toS: toS - UPLOADED_AFTER_S })
        .filter(({ what }) => what === "distraction")
        .map(({ takenS }) => ({ takenS: takenS + UPLOADED_AFTER_S, atS: takenS })),
    ).map(({ atS, arrivedS }) => otherMessage(name, arrivedS, say(device, atS, arrivedS)));
  });

/** A push of JT/T cameras after every drive; `atS` is when it ended. */
const afterDrive = (name: string, say: Say): Kind =>
  hubKind(name, (device, span) => {
    const { vehicle } = device;
    if (!equipmentOf(vehicle).jtt) return [];
    return arrivals(vehicle, span, (taken) =>
      drivesEndedIn(vehicle, taken).map(({ endS }) => ({ takenS: endS })),
    ).map(({ takenS, arrivedS }) => otherMessage(name, arrivedS, say(device, takenS, arrivedS)));
  });

/** Everything that is told about recordings (reference §3.4, "Paths whose fields are known"). */
export const media: readonly Kind[] = [
  afterAlarm("pushfileupload", ({ vehicle }, atS, arrivedS) => ({
    deviceImei: vehicle.imei,
    fileName: `${fileNameOf(atS)};${fileNameOf(atS + 1)}`,
    gateTime: gateTime(arrivedS),
    result: "SUCCESS",
  })),
  afterAlarm("pushIothubEvent", ({ vehicle }, atS, arrivedS) => ({
    deviceImei: vehicle.imei,
    gateTime: arrivedS, // Unix seconds, on this path alone (§1.4)
    eventType: "UploadAlarmFileEnd",
    eventContent: JSON.stringify({ fileName: fileNameOf(atS) }),
  })),
  afterAlarm("uploadCallback", (device, atS) => {
    const { lat, lng } = positionAt(device.vehicle, atS);
    return {
      imei: device.vehicle.imei,
      filename: fileNameOf(atS),
      businessType: "alarm",
      camera: "1",
      mimeType: "video/mp4",
      lat,
      lng,
      alarmTime: ownTime(device, atS),
      instructionId: instructionOf(device.vehicle, atS),
    };
  }),
  afterDrive("pushftpfileupload", ({ vehicle }, atS, arrivedS) => ({
    deviceImei: vehicle.imei,
    result: 0,
    instructionID: instructionOf(vehicle, atS),
    gateTime: gateTime(arrivedS),
  })),
  afterDrive("pushresourcelist", (device, atS) => ({
    imei: device.vehicle.imei,
    totalNum: 1,
    instructionID: instructionOf(device.vehicle, atS),
    resourceList: [
      {
        channel: 1,
        beginTime: ownTime(device, atS - 181),
        endTime: ownTime(device, atS),
        alarmFlag: 0,
        resourceType: 2,
      },
    ],
  })),
];
