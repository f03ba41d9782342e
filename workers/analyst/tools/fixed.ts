import type { Tool } from "../tool.ts";
import { describeTable } from "./describe-table.ts";
import { findVehicle } from "./find-vehicle.ts";
import { fleetNow } from "./fleet-now.ts";
import { listSchemas } from "./list-schemas.ts";
import { listTables } from "./list-tables.ts";

/** Tools whose statements are all ours. */
export const tools: readonly Tool[] = [listSchemas, listTables, describeTable, fleetNow, findVehicle];
