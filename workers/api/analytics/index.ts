import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnv } from "../context.ts";
import { alarms } from "./alarms.ts";
import { distanceDaily } from "./distance-daily.ts";
import { driverBehaviour } from "./driver-behaviour.ts";
import { driverClock } from "./driver-clock.ts";
import { analyticsFilters } from "./filters.ts";
import { fleetSummary } from "./fleet-summary.ts";
import { fuel } from "./fuel.ts";
import { utilisation } from "./utilisation.ts";

/** Everything below `/v1/analytics`. */
export function analytics(api: OpenAPIHono<ApiEnv>): void {
  fleetSummary(api);
  utilisation(api);
  driverBehaviour(api);
  driverClock(api);
  distanceDaily(api);
  alarms(api);
  fuel(api);
  analyticsFilters(api);
}
