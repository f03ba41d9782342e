import { HOLE_KINDS, type Hole } from "../fleet/holes.ts";
import type { Vehicle } from "../fleet/vehicle.ts";
import type { World } from "../world/world.ts";
import { badInput, ControlError, fieldsOf, numberIn, type Resource, textIn } from "./control.ts";

/** `POST …/holes` makes fixes of a span missing or late, of one device or all; `DELETE` mends all holes. */
export const holes: Resource = (world, { httpMethod, rest, body }) => {
  if (rest.length > 1) return undefined;
  if (httpMethod === "DELETE") {
    for (const vehicle of world.fleet) vehicle.holes = [];
    return { status: 200, body: { cleared: true } };
  }
  if (httpMethod !== "POST") return undefined;
  fieldsOf(body, ["imei", "fromS", "toS", "kind", "lateS"]);
  const hole = holeIn(body);
  const vehicles = vehiclesIn(world, textIn(body, "imei"));
  for (const vehicle of vehicles) vehicle.holes.push(hole);
  return { status: 201, body: { ...hole, vehicles: vehicles.length } };
};

function holeIn(body: Record<string, unknown>): Hole {
  const kind = HOLE_KINDS.find((known) => known === body.kind);
  if (kind === undefined) throw badInput(`"kind" must be one of ${HOLE_KINDS.join(", ")}`);
  const fromS = numberIn(body, "fromS", 0);
  const toS = numberIn(body, "toS", 0);
  if (fromS === undefined || toS === undefined || fromS >= toS) {
    throw badInput('give "fromS" before "toS", both Unix seconds');
  }
  const lateS = numberIn(body, "lateS", 0);
  if ((kind === "late") !== (lateS !== undefined)) {
    throw badInput('"lateS" says how many seconds later fixes arrive; give it for "late" only');
  }
  return { fromS: Math.floor(fromS), toS: Math.floor(toS), kind, lateS: Math.floor(lateS ?? 0) };
}

function vehiclesIn({ fleet, byImei }: World, imei: string | undefined): Vehicle[] {
  if (imei === undefined) return fleet;
  const vehicle = byImei.get(imei);
  if (vehicle === undefined) throw new ControlError(404, `no device ${imei}; GET …/vehicles lists them`);
  return [vehicle];
}
