import { arrivals } from "../../fleet/arrivals.ts";
import { equipmentOf } from "../../fleet/equipment.ts";
import { turnsIn } from "../../fleet/happenings.ts";
import { gateTime, hubKind, otherMessage } from "../message.ts";

const CELLS_EVERY_S = 1800;

/** `/pushlbs`: the cells a tag hears, as JSON text, without coordinates. */
export const cells = hubKind("pushlbs", ({ vehicle }, span) => {
  if (!equipmentOf(vehicle).tag) return [];
  return arrivals(vehicle, span, (taken) => turnsIn(vehicle, taken, CELLS_EVERY_S)).map(
    ({ takenS, arrivedS }) => {
      const cell = 23_000 + (takenS % 900);
      return otherMessage("pushlbs", arrivedS, {
        deviceImei: vehicle.imei,
        gateTime: gateTime(arrivedS),
        lbsJson: JSON.stringify({ mcc: 639, mnc: 2, cellList: `2312,${cell},70;2312,${cell + 1},75` }),
        postType: "LBS",
      });
    },
  );
});
