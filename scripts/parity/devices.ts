import { CANARY_IMEI } from "../../workers/canary/imei.ts";
import type { Scope } from "./digests.ts";
import type { Side } from "./side.ts";

/** Who is registered. */
export interface Devices {
  here: number;
  there: number;
  onlyHere: string[];
  onlyThere: string[];
}

/** Compares the registries. @throws where a vehicle that was asked for is in neither */
export async function compareDevices(sides: [Side, Side], scope: Scope): Promise<Devices> {
  const [ours, theirs] = (await Promise.all(sides.map((side) => readDevices(side, scope)))) as [
    Set<string>,
    Set<string>,
  ];
  const unknown = scope.imeis.filter((imei) => !ours.has(imei) && !theirs.has(imei));
  if (unknown.length > 0) throw new Error(`Neither database has the device ${unknown.join(", ")}.`);
  return {
    here: ours.size,
    there: theirs.size,
    onlyHere: [...ours].filter((imei) => !theirs.has(imei)),
    onlyThere: [...theirs].filter((imei) => !ours.has(imei)),
  };
}

async function readDevices(side: Side, { imeis }: Scope): Promise<Set<string>> {
  const rows = await side.rows<{ imei: string }>(
    `select distinct imei::text as imei from tracksolid.devices
     where imei is not null and ($1::text = '[]' or imei::text in (select json_array_elements_text($1::text::json)))`,
    [JSON.stringify(imeis)],
  );
  // Of ours alone, and no vehicle.
  const known = rows.map(({ imei }) => imei).filter((imei) => imei !== CANARY_IMEI);
  return new Set(known.sort());
}
