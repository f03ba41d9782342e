import type postgres from "postgres";
import { applyLines } from "../fleet/apply.ts";
import { type Line, type Plan, planOf } from "../fleet/plan.ts";
import { type TableName, tableOf } from "../fleet/tables.ts";
import type { Vocabulary } from "./columns.ts";
import { openCsv } from "./csv.ts";
import { openText } from "./encoding.ts";
import { delimiterName } from "./header.ts";
import { addBad, type Change, isRefused, MOST_TOLD, noBad, type Outcome, type Request } from "./outcome.ts";

/** Some hundred times what a fleet of 15,000 takes is no list of vehicles. */
const MOST_BYTES = 50 * 1024 * 1024;

const IMEI = { imei_no: "imei", imei_number: "imei", device_imei: "imei" };
const PLATE = {
  plate_no: "plate",
  plate_number: "plate",
  number_plate: "plate",
  license_plate: "plate",
  licence_plate: "plate",
  registration: "plate",
};

/** What people call columns. Of what may be something else in a list of that table there is nothing here. */
const SYNONYMS: Record<TableName, Record<string, string>> = {
  vehicles: { ...IMEI, ...PLATE },
  drivers: {
    ...{ ...IMEI, ...PLATE },
    driver: "driver_name",
    driver_s_name: "driver_name",
    phone: "driver_phone",
    phone_number: "driver_phone",
    driver_phone_number: "driver_phone",
  },
  types: { fuel_l_100_km: "fuel_l_per_100_km" },
  shifts: {},
  prices: {},
  services: IMEI,
  units: {},
};

const vocabularyOf = (name: TableName): Vocabulary => ({
  columns: Object.keys(tableOf(name).columns),
  synonyms: SYNONYMS[name],
});

/** Takes a list into a table of scripts/fleet, which is small: it is compared as a whole. */
export async function importMaster(
  sql: postgres.Sql,
  name: TableName,
  path: string,
  request: Request,
): Promise<Outcome> {
  const file = await openText(path, MOST_BYTES);
  const { header, rows } = await openCsv(file, vocabularyOf(name));
  const { columns } = header;
  const lines: Line[] = [];
  const bad = noBad();
  for await (const some of rows) {
    for (const row of some) {
      const place = `line ${row.line}`;
      if ("reason" in row) addBad(bad, place, [row.reason]);
      else {
        const cells = columns.map((column, index) => [column, row.cells[index]?.trim() ?? ""]);
        lines.push({ place, values: Object.fromEntries(cells) });
      }
    }
  }
  const writes = request.apply && !isRefused(request, bad);
  const plan = writes
    ? await applyLines(sql, name, columns, lines, request.skipBad)
    : await planOf(sql, name, columns, lines);
  for (const [place, faults] of Map.groupBy(plan.faults, ({ place }) => place)) {
    const reasons = faults.map(({ reason }) => reason);
    addBad(bad, place, reasons);
  }
  const lineOf = ({ place }: { place: string }) => Number(place.replaceAll(/\D/g, ""));
  bad.problems.sort((a, b) => lineOf(a) - lineOf(b));
  const refused = isRefused(request, bad);
  return {
    counts: refused ? {} : { [name]: countsOf(plan) },
    changes: refused ? [] : plan.changes.slice(0, MOST_TOLD).map(changeOf),
    bad,
    notes: [`Read as ${file.encoding}, cells parted by ${delimiterName(header.delimiter)}.`],
    facts: { encoding: file.encoding, delimiter: header.delimiter },
  };
}

/** A change of a list, as it is told. */
export const changeOf = ({ key, before, columns }: Plan["changes"][number]): Change => ({
  ...{ key, isNew: before === null, columns },
});

const countsOf = ({ changes, unchanged }: Plan) => {
  const added = changes.filter(({ before }) => before === null).length;
  return { new: added, changed: changes.length - added, same: unchanged, older: 0 };
};
