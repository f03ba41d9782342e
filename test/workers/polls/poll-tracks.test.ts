import { expect, it } from "vitest";
import { pollTracks } from "../../../workers/polls/poll-tracks.ts";
import { addVehicle, ago } from "../api/fleet.ts";
import { database, newImei } from "../writer/deliver.ts";

it("notes as covered what stood and uncovers what fell silent, beside a window that just ends", async () => {
  const sql = database();
  const [held, stood, silent] = [newImei(), newImei(), newImei()];
  const at = (seconds: number) => ago(seconds).replace(/\.\d+/, ".000");
  const [before, covered, heard] = [at(7_200), at(3_600), at(60)];
  for (const imei of [held, stood, silent]) {
    const contact_at = imei === silent ? at(5_400) : heard;
    await addVehicle(imei, { account: "tracks" }, { lat: -1.3, lng: 36.8, fix_at: before, contact_at });
    await sql`insert into tracksolid.poll_watermarks values ('tracks', '*', ${imei}, ${before}, ${covered})`;
  }
  await sql.begin(async (window) => {
    await window`select from tracksolid.poll_watermarks where job = 'tracks' and imei = ${held} for update`;
    await pollTracks.beforePlanning?.(sql, Date.now());
  });
  const coveredTo = async (imei: string) =>
    (
      await sql`select covered_to from tracksolid.poll_watermarks where job = 'tracks' and imei = ${imei}`
    )[0]?.covered_to.toISOString();
  expect(await coveredTo(held)).toBe(covered);
  expect(await coveredTo(stood)).toBe(heard);
  expect(Date.parse(await coveredTo(silent))).toBeLessThan(Date.parse(covered));
});
