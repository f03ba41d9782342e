import { expect, it } from "vitest";
import { schedule } from "../../workers/polls/schedule.ts";
import { startStack } from "../setup/harness.ts";

const { cron } = schedule.insights;

interface Daily {
  day: string;
  preliminary: boolean;
  insights: {
    id: string;
    kind: string;
    subject: { id: string };
    why: string;
    evidence: object;
    links: string[];
  }[];
  explained: { id: string; remark: { note: string } }[];
}

it("tells on its tick what of yesterday deserves attention, and heeds what people say", async () => {
  await using stack = await startStack({ world: { vehicles: 1, seed: 61 }, vars: { OPEN_READS: "" } });
  const { sql } = stack;
  const key = await stack.makeKey(["read", "insights:write"]);
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const daily = async (search = "") =>
    (await (await stack.fetch(`/v1/insights/daily?${search}`, { headers })).json()) as Daily;

  // Noon of yesterday where the fleet is.
  const [day] = await sql<{ day: string; noon: Date }[]>`
    select yesterday::text as day, (yesterday + time '12:00') at time zone zone as noon
    from tracksolid.fleet, lateral (select (now() at time zone zone)::date - 1 as yesterday) y`;
  const { noon } = day ?? { noon: new Date() };
  const hours = (count: number) => new Date(noon.getTime() + count * 3_600_000);

  const names = ["there", "away", "unseen"];
  for (const [n, name] of names.entries()) {
    const imei = `86000000000090${n}`;
    await sql`
      insert into tracksolid.devices (imei, device_name, facts_at, created_at, changed_at)
      values (${imei}, ${name}, now(), now(), now())`;
    if (name !== "unseen") {
      await sql`
        insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, source, sources, received_at)
        select ${imei}, ${hours(0)}::timestamptz + minute * interval '1 min', ${name === "there" ? -1.3 : -1.305}, 36.8, 0, true,
          'poll', 1, ${hours(1)} from generate_series(0, 20) minute`;
    }
  }
  await sql`
    insert into tracksolid.position_history (imei, gps_time, lat, lng, speed_kmh, ignition, source, sources, received_at)
    values ('860000000000901', ${hours(-28)}, -1.305, 36.8, 0, false, 'poll', 1, ${hours(-28)})`;
  const ticket = (number: string, imei: string, opened: Date, resolved: Date | null) => sql`
    insert into tickets.incidents (number, lat, lng, opened_at, resolved_at, imei, raw, told_at)
    values (${number}, -1.3, 36.8, ${opened}, ${resolved}, ${imei}, '{}', ${noon})`;
  await ticket("INC 1/2", "860000000000901", hours(-1), hours(1));
  await ticket("VISITED", "860000000000900", hours(-1), hours(1));
  await ticket("NOBODY KNOWS", "860000000000902", hours(-1), hours(1));
  await ticket("OPEN", "860000000000901", hours(-1), null);
  await ticket("BEFORE", "860000000000901", hours(-30), hours(-26));
  await ticket("LONG OPEN", "860000000000901", hours(-33 * 24), hours(1));

  expect(await daily()).toMatchObject({ preliminary: true });
  expect(await stack.tick(cron)).toBe("ok");
  expect(await stack.lastRun("insights")).toMatchObject({ success: true });
  const told = await daily("kind=ticket_unvisited");
  expect(told).toMatchObject({ day: day?.day, preliminary: false, explained: [] });
  expect(told.insights).toMatchObject([
    {
      subject: { id: "INC INC 1/2" },
      why: expect.stringContaining("away came as near as 557 m. A visit is 5 min within 150 m"),
      evidence: { outcome: "elsewhere", nearestM: 557 },
      links: ["/v1/tickets/incidents/INC%201%2F2", "/v1/vehicles/860000000000901"],
    },
  ]);
  const insightId = told.insights[0]?.id ?? "";

  const remark = { insightId, verdict: "explained", note: "It was settled on the phone" };
  const said = await stack.fetch("/v1/insights/context", {
    ...{ method: "POST", headers, body: JSON.stringify(remark) },
  });
  expect(said.status).toBe(201);
  expect(await daily("kind=ticket_unvisited")).toMatchObject({
    insights: [],
    explained: [{ id: insightId, remark: { note: remark.note } }],
  });
  expect(await stack.tick(cron)).toBe("ok");
  expect(await stack.lastRun("insights", 2)).toMatchObject({ success: true, rows_received: 0 });
  expect(stack.lines("insights").at(-1)).toContain("unfinished: 0");
  const evaluated = (await (
    await stack.fetch("/v1/insights/evaluate?kind=ticket_unvisited", { headers })
  ).json()) as object;
  expect(evaluated).toMatchObject({ kinds: [{ told: 2, explained: 1, unremarked: 1 }] });
});
