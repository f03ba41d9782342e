import type postgres from "postgres";

/** For who named a zone that is none. */
export const noZone = (zone: string) =>
  `There is no time zone ${zone}: give an IANA name such as Africa/Nairobi.`;

/** Whether Postgres knows a zone. */
export async function isZone(sql: postgres.Sql, zone: string): Promise<boolean> {
  const [known] = await sql`select from pg_timezone_names where name = ${zone}`;
  return known !== undefined;
}
