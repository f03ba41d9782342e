import { dayAt, type Monday } from "../../insights/days.ts";
import { database, newImei } from "../../writer/deliver.ts";
import { addVehicle, unique } from "../fleet.ts";

/** An account with vehicles, and insights of a day that is kept. */
export interface KeptDay {
  account: string;
  imeis: [string, string, string];
  /** Ids: of the first vehicle a medium, of the second a high and a low one, of the third a medium. */
  ids: [string, string, string, string];
}

/** Puts the insights of a day into the database, as the job does. */
export async function keepDay(monday: Monday, days = 0): Promise<KeptDay> {
  const account = unique("insights");
  const imeis: KeptDay["imeis"] = [newImei(), newImei(), newImei()];
  for (const [n, imei] of imeis.entries()) {
    await addVehicle(imei, { account, plate: `KDA 00${n}A`, city: n === 0 ? "Nairobi" : "Mombasa" });
  }
  const [one, two, three] = imeis;
  const ids: KeptDay["ids"] = [
    await keep(monday, days, "idling", one, "medium"),
    await keep(monday, days, "silent", two, "high"),
    await keep(monday, days, "after_hours", two, "low"),
    await keep(monday, days, "fuel_drain", three, "medium"),
  ];
  return { account, imeis, ids };
}

/** Keeps an insight of so many days after a day. @returns Its id */
export async function keep(
  monday: Monday,
  days: number,
  kind: string,
  imei: string,
  severity: string,
): Promise<string> {
  const sql = database();
  const day = dayAt(monday.startMs, days);
  const toldAt = `${day}T23:37:00Z`;
  const [row] = await sql<{ id: string }[]>`
    insert into reporting.insights (
      id, day, kind, subject_type, subject, subject_name, imei, driver, severity, title, why, evidence, links, told_at, changed_at
    ) select ${day} || '-' || ${kind}::text || '-' || md5('vehicle ' || ${imei}::text), ${day}::date, ${kind}, 'vehicle', ${imei},
      'KDA', ${imei}, 'Achieng', ${severity}, 'title', 'why', '{"bar": 1}', '["/v1/vehicles/1"]', ${toldAt}::text::timestamptz,
      ${toldAt}::text::timestamptz
    returning id`;
  await sql`
    insert into reporting.insight_days values (${day}, (select version from reporting.newest_version), ${toldAt}::text::timestamptz)
    on conflict do nothing`;
  return row?.id ?? "";
}
