import { z } from "@hono/zod-openapi";
import type { DeviceFacts } from "../../../shared/records.ts";
import { exampleVehicle } from "../schemas.ts";

const text = z.string().nullable();

/** What both the vendor and the registry say of a device. */
export const saidOfDevice = {
  name: text.openapi({ description: "Device name, free text of the vendor" }),
  plate: text,
  driver: text,
  driverPhone: text,
  sim: text,
};

export const exampleSaid = {
  ...{ name: exampleVehicle.name, plate: exampleVehicle.plate, driver: exampleVehicle.driver },
  ...{ driverPhone: "+254700000001", sim: "0700000002" },
};

/** The same, as the vendor's items are read whenever they are written. */
export const saidIn = ({ deviceName, plate, driverName, driverPhone, sim }: DeviceFacts) => ({
  ...{ name: deviceName, plate, driver: driverName, driverPhone, sim },
});
