import type { DatabaseRoles } from "./definition.ts";
import { fleetPlatform } from "./fleet-platform.ts";
import { tracksolid } from "./tracksolid.ts";

/** All databases whose roles are kept here; the first is ours. */
export const databases: DatabaseRoles[] = [tracksolid, fleetPlatform];
