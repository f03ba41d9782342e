import type { Vehicle } from "./vehicle.ts";

/** What is built into a vehicle beside its tracker, and so what is pushed about it (reference §3.5). */
export interface Equipment {
  camera: boolean;
  /** A camera that speaks JT/T 808 and numbers its alarms by that list (`msgClass` 1). */
  jtt: boolean;
  obd: boolean;
  fuelSensor: boolean;
  thermometer: boolean;
  cardReader: boolean;
  /** An asset tag: no wires, found by beacons and cells. */
  tag: boolean;
}

/** Follows from the model, and from the seed for what only some vehicles of a model have. */
export function equipmentOf({ model, seed }: Vehicle): Equipment {
  const camera = model.mcType === "JC400P";
  return {
    camera,
    jtt: camera && seed % 2 === 1,
    obd: model.mcType === "VL802",
    fuelSensor: seed % 7 === 0,
    thermometer: model.mcType === "GT06N",
    cardReader: model.mcType === "X3" && seed % 3 === 0,
    tag: model.mcType === "AT4",
  };
}
