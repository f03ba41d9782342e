import { expect, it, vi } from "vitest";
import { fleetCommand } from "../../scripts/db-fleet.ts";
import { callCommand } from "../setup/command.ts";
import { type Stack, startStack } from "../setup/harness.ts";
import { register } from "../setup/history.ts";

async function set(stack: Stack, ...words: string[]): Promise<void> {
  const environment = { DATABASE_URL: stack.adminUrl };
  const outcome = await callCommand(fleetCommand, ["set", ...words, "--apply"], environment);
  expect(outcome).toMatchObject({ code: 0, stderr: "" });
}

/** Asks the vendor for all details, and waits for what it says. */
async function detailed({ sql, tick }: Stack): Promise<void> {
  const since = new Date();
  await sql`delete from tracksolid.poll_watermarks where imei <> '*'`;
  expect(await tick("7 * * * *")).toBe("ok");
  await vi.waitFor(
    async () =>
      expect(
        await sql`
          select imei from tracksolid.devices
          where enabled and (detailed_at is null or detailed_at < ${since.toISOString()}::timestamptz)`,
      ).toEqual([]),
    { timeout: 30_000, interval: 200 },
  );
}

it("keeps what the company says over what the vendor says, and shows it on the map", {
  timeout: 120_000,
}, async () => {
  await using stack = await startStack({
    world: { vehicles: 6, seed: 71 },
    vars: { LIVE_RECONCILE_EVERY_S: "0" },
  });
  const { sql } = stack;
  await register(stack);
  await detailed(stack);
  const vehicles = await sql`
    select imei, plate, driver_name from tracksolid.devices where driver_name is not null and plate is not null order by imei`;
  const [one, two, three] = vehicles.map(({ imei }) => imei as string) as [string, string, string];
  const vendors = vehicles[0];
  await set(stack, "types", "van", "fuel_l_per_100_km=9");
  const own = ["own_plate=KZZ 001Z", "own_driver_name=Amina", "vehicle_type=van", "city=Thika"];
  await set(stack, one, ...own);
  await set(stack, two, "hidden_on_map=true");
  await set(stack, three, "kind=canary");

  const shown = async () => {
    const response = await stack.fetch("/v1/live");
    const body = (await response.json()) as {
      features: { id: string; properties: Record<string, string> }[];
    };
    return new Map(body.features.map(({ id, properties }) => [id, properties]));
  };
  await vi.waitFor(async () => {
    const map = await shown();
    expect(map.get(one)).toMatchObject({
      plate: "KZZ 001Z",
      driver: "Amina",
      vehicleType: "van",
      city: "Thika",
    });
    expect(map.has(two) || map.has(three)).toBe(false);
  });

  const changed = () =>
    sql`select plate, driver_name, city, changed_at, facts_at from tracksolid.devices where imei = ${one}`;
  await detailed(stack);
  expect(await changed()).toMatchObject([{ plate: "KZZ 001Z", driver_name: "Amina", city: "Thika" }]);
  const drivers = async () =>
    (
      await sql`select driver_name from tracksolid.driver_assignments where imei = ${one} order by valid_from`
    ).map(({ driver_name }) => driver_name);
  // The vendor named its own again, and was not heard.
  expect(await drivers()).toEqual([vendors?.driver_name, "Amina"]);

  await set(stack, one, "own_plate=", "own_driver_name=");
  expect(await changed()).toMatchObject([{ plate: null, driver_name: "Amina" }]);
  await detailed(stack);
  expect(await changed()).toMatchObject([{ plate: vendors?.plate, driver_name: vendors?.driver_name }]);
  await vi.waitFor(async () =>
    expect(await drivers()).toEqual([vendors?.driver_name, "Amina", vendors?.driver_name]),
  );
});
