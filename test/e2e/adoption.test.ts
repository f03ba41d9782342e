import { expect, inject, it } from "vitest";
import { adoptCommand } from "../../scripts/db-adopt.ts";
import { parityCommand } from "../../scripts/db-parity.ts";
import { callCommand } from "../setup/command.ts";
import { oldDatabase } from "../setup/earlier/database.ts";
import { EarlierWriter } from "../setup/earlier/writer.ts";
import { startStack } from "../setup/harness.ts";
import { askPast, derived } from "../setup/history.ts";
import { size } from "../setup/size.ts";
import { World } from "../setup/world.ts";

const HOUR_S = 3_600;

it("takes over a database while the earlier system writes: both for a while, one vendor, and nothing differs", {
  timeout: size(240_000, 2_400_000),
}, async () => {
  const world = await World.make(inject("simulatorUrl"), { vehicles: size(8, 150), seed: 61 });
  await using shared = await oldDatabase({ history: false });
  await using alone = await oldDatabase({ history: false });
  const earlier = new EarlierWriter(world, [shared.sql, alone.sql]);
  const nowS = Math.floor(Date.now() / 1_000);
  const [begin, middle, end] = [nowS - 10 * HOUR_S, nowS - 6 * HOUR_S, nowS - 2 * HOUR_S];

  await earlier.devices();
  await earlier.past(begin, middle);
  await earlier.live();
  const adopted = await callCommand(adoptCommand, ["--apply"], { DATABASE_URL: shared.url });
  expect(adopted).toMatchObject({ code: 0, stderr: "" });

  await using stack = await startStack({ world, database: shared, vars: { SHARE_TOKEN: "on" } });
  expect(await stack.tick("7 * * * *")).toBe("ok");
  expect(await stack.tick("* * * * *")).toBe("ok");
  await stack.lastRun("live");
  await Promise.all([
    earlier.past(middle, end),
    askPast(stack, "alarms", "trips", "parking", "tracks"),
    earlier.live(),
  ]);
  // As each of them asks again for what may have come late.
  await earlier.past(begin, end);
  expect(earlier.session.lost).toBe(0);
  const { issued } = await world.tokens();
  expect(issued).toBeLessThan(4);

  const parity = await callCommand(
    parityCommand,
    ["--from", new Date(begin * 1_000).toISOString(), "--to", new Date((end - HOUR_S) * 1_000).toISOString()],
    { DATABASE_URL: shared.url, OTHER_DATABASE_URL: alone.url },
  );
  expect(parity.stdout).toContain("The databases are equal.");
  // Nor is anything stored twice here, as the earlier system does by itself.
  expect(parity.stdout).not.toContain("more than once here");
  expect(parity).toMatchObject({ code: 0, stderr: "" });

  // What the earlier system stored is derived, too.
  await derived(stack);
  const [day] = await stack.sql`
    select count(*)::int as days, sum(distance_km) > 0 as drove from reporting.vehicle_day where moving_s > 0`;
  expect(day).toMatchObject({ drove: true });
  expect((await stack.live()).filter(({ geometry }) => geometry).length).toBeGreaterThan(size(5, 100));
});
