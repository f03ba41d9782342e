import { faultsIn, readingsIn } from "../../fleet/obd.ts";
import { factOf, gateTime, hubKind, isoTime } from "../message.ts";

/** `/pushobd`: readings while the engine runs, as JSON text inside the item (reference §3.4). */
export const obd = hubKind("pushobd", (device, span) => {
  const { vehicle } = device;
  return readingsIn(vehicle, span).map((reading) => {
    const { arrivedS, rpm, speedKmh, coolantC, batteryV, fuelPercent, odometerKm } = reading;
    const said = {
      rpm,
      vehicleSpeed: speedKmh,
      coolantTemp: coolantC,
      batteryVoltage: batteryV,
      fuelLevel: fuelPercent,
      totalMileage: odometerKm,
    };
    return {
      arrivedS,
      item: { deviceImei: vehicle.imei, gateTime: gateTime(arrivedS), obdJson: JSON.stringify(said) },
      list: "obd",
      fact: {
        ...factOf(device),
        gateTime: isoTime(arrivedS),
        ...{ rpm, speedKmh, coolantC, batteryV, fuelPercent, odometerKm },
      },
    };
  });
});

/** `/pushfaultinfo`: after some drives, the codes as one separated text. */
export const faults = hubKind("pushfaultinfo", (device, span) => {
  const { vehicle } = device;
  return faultsIn(vehicle, span).map(({ arrivedS, codes }) => ({
    arrivedS,
    item: { deviceImei: vehicle.imei, gateTime: gateTime(arrivedS), faultCode: codes.join(",") },
    list: "faults",
    fact: { ...factOf(device), gateTime: isoTime(arrivedS), codes },
  }));
});
