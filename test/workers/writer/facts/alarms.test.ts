import { expect, it } from "vitest";
import { database, deliver, isoOf, newImei, vendorTime } from "../deliver.ts";
import { push, pushOf, rowsOf } from "./push.ts";

const alarm = (imei: string, agoS: number, msg: Record<string, unknown>, msgClass = 0) => ({
  type: "DEVICE",
  msgClass,
  imei,
  gateTime: vendorTime(agoS),
  msg: { alarmTime: vendorTime(agoS), ...msg },
});
const start = (imei: string, agoS: number) => alarm(imei, agoS, { alertType: 48 });
const end = (imei: string, agoS: number) =>
  alarm(imei, agoS, { alertType: "removeAlarmType", removeAlarmType: 48 });
const word = (imei: string, agoS: number, rest: Record<string, unknown>) => ({
  imei,
  alarmTime: vendorTime(agoS),
  ...rest,
});
const at = (agoS: number) => new Date(isoOf(vendorTime(agoS)));

async function endsOf(imei: string) {
  return (await rowsOf("alarms", imei)).map(({ alarm_time, ended_at }) => [alarm_time, ended_at]);
}

it("lets one event under two codes meet in one alarm, in one batch or in two", async () => {
  const [once, twice] = [newImei(), newImei()];
  const byNumber = (imei: string) => alarm(imei, 60, { alertType: 254, lat: -1.2, lng: 36.8 });
  const byWord = (imei: string) => word(imei, 60, { alarmType: "ACC_ON", alarmName: "ACC ON", speed: "3" });
  await deliver([pushOf("pushalarm", [byNumber(once)]), pushOf("open_alarm", [byWord(once)])]);
  await push("open_alarm", [byWord(twice)]);
  await push("pushalarm", [byNumber(twice)]);
  const row = { canonical_code: "word:ACC_ON", lat: -1.2, lng: 36.8, speed_kmh: 3, sources: 2 };
  expect(await rowsOf("alarms", once)).toMatchObject([{ ...row, code: "jimi:254" }]);
  expect(await rowsOf("alarms", twice)).toMatchObject([
    { ...row, code: "word:ACC_ON", alarm_name: "ACC ON" },
  ]);
});

it.each([
  ["forward collision", 0, 204, 229],
  ["lane departure", 0, 228, 205],
  ["harsh acceleration", 1, 1024, 1042],
])("knows two generations of %s", async (_, msgClass, older, newer) => {
  const imei = newImei();
  await push("pushalarm", [
    alarm(imei, 60, { alertType: older }, msgClass),
    alarm(imei, 60, { alertType: newer }, msgClass),
  ]);
  expect(await rowsOf("alarms", imei)).toHaveLength(1);
});

it("tells the two lists, subtypes, fences and times apart", async () => {
  const imei = newImei();
  await push("pushalarm", [
    alarm(imei, 60, { alertType: 4 }),
    alarm(imei, 60, { alertType: 4 }, 1),
    alarm(imei, 60, { alertType: 265, alarmType: 1 }, 1),
    alarm(imei, 60, { alertType: 265, alarmType: 2 }, 1),
    alarm(imei, 61, { alertType: 9999 }),
  ]);
  await push("open_alarm", [
    word(imei, 60, { alarmType: "in", alarmName: "Enter geo-fence(Depot)", geoid: "77" }),
    word(imei, 60, { alarmType: "in", alarmName: "Enter geo-fence(Yard)", geoid: "78" }),
  ]);
  const rows = await rowsOf("alarms", imei);
  expect(rows.map(({ code, fence_id, alarm_name }) => [code, fence_id, alarm_name])).toEqual([
    ["jimi:4", "", "Enter fence (device)"],
    ["jimi:9999", "", null],
    ["jt:265.1", "", "Fatigue"],
    ["jt:265.2", "", "Phone call"],
    ["jt:4", "", "Belt fastened"],
    ["word:in", "77", "Enter geo-fence(Depot)"],
    ["word:in", "78", "Enter geo-fence(Yard)"],
  ]);
});

it("meets what a poll wrote: the origins add up, nulls are filled", async () => {
  const imei = newImei();
  await database()`
    insert into tracksolid.alarms
      (imei, canonical_code, alarm_time, code, alarm_type, alarm_name, source, sources, raw, received_at)
    values (${imei}, 'jimi:48', ${at(60)}, 'jimi:48', '48', 'Harsh braking', 'poll', 1, '{}', ${at(50)})`;
  await push("pushalarm", [alarm(imei, 60, { alertType: 48, gpsSpeed: 52, lat: -1.2, lng: 36.8 })]);
  expect(await rowsOf("alarms", imei)).toMatchObject([
    { source: "poll", sources: 3, alarm_name: "Harsh braking", speed_kmh: 52, lat: -1.2 },
  ]);
});

it.each([
  ["in order", [start, end]],
  ["the end first", [end, start]],
])("ends an alarm: %s", async (_, order) => {
  const imei = newImei();
  const [first, second] = order.map((make) => make(imei, make === start ? 600 : 300));
  await push("pushalarm", [first]);
  await push("pushalarm", [second]);
  await push("pushalarm", [first, second]);
  expect(await endsOf(imei)).toEqual([[at(600), at(300)]]);
});

it("gives each alarm the first end before the next one, whatever the order", async () => {
  const items = (imei: string) => [
    start(imei, 900),
    start(imei, 600),
    end(imei, 500),
    end(imei, 400),
    start(imei, 300),
    end(imei, 1_000),
  ];
  const expected = [
    [at(900), null],
    [at(600), at(500)],
    [at(300), null],
  ];
  const together = newImei();
  await push("pushalarm", items(together));
  expect(await endsOf(together)).toEqual(expected);
  for (let round = 0; round < 5; round++) {
    const imei = newImei();
    for (const item of items(imei).sort(() => Math.random() - 0.5)) await push("pushalarm", [item]);
    expect(await endsOf(imei)).toEqual(expected);
  }
});

it("sees an end that is written at the same time as its alarm", async () => {
  const imeis = Array.from({ length: 20 }, newImei);
  await Promise.all([
    push(
      "pushalarm",
      imeis.map((imei) => start(imei, 600)),
    ),
    push(
      "pushalarm",
      imeis.toReversed().map((imei) => end(imei, 300)),
    ),
  ]);
  for (const imei of imeis) expect(await endsOf(imei)).toEqual([[at(600), at(300)]]);
});
