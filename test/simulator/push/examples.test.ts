import { expect, inject, it } from "vitest";
import { type Received, startCustomer } from "../../setup/customer.ts";
import { World } from "../../setup/world.ts";

/** Items of reference §3.2 to §3.4, as written there. */
const EXAMPLES: Record<string, string> = {
  pushevent: `{"deviceImei":"860000000000001","type":"LOGIN","gateTime":"2026-01-15 05:09:40","timezone":"GMT+03:00"}`,
  pushhb: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 05:09:40","powerLevel":1,"gsmSign":1,"acc":1,"oilEle":0,"gpsPos":1,"remoteLock":0,"powerStatus":1,"fortify":0}`,
  pushgps: `{"deviceImei":"860000000000001","gpsTime":"2026-01-15 08:29:47","gateTime":"2026-01-15 08:29:48","satelliteNum":11,"lng":36.817223,"lat":-1.286389,"gpsMode":0,"gpsSpeed":42,"direction":187,"acc":1,"postType":1,"altitude":1661,"distance":15234704,"status":262147}`,
  pushalarm: `{"type":"DEVICE","msgClass":0,"imei":"860000000000001","gateTime":"2026-01-15 08:15:05","msg":{"alertType":48,"alarmTime":"2026-01-15 08:15:02","lng":36.817223,"lat":-1.286389,"gpsSpeed":52}}`,
  pushfileupload: `{"deviceImei":"860000000000003","fileName":"EVENT_01.mp4;EVENT_02.mp4","gateTime":"2026-01-15 08:17:00","result":"SUCCESS"}`,
  pushlbs: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:18:00","lbsJson":"{}","postType":"LBS"}`,
  pushresourcelist: `{"imei":"860000000000003","totalNum":1,"instructionID":"1f0e2d3c","resourceList":[{"channel":1,"beginTime":"2026-01-14 13:55:41","endTime":"2026-01-14 13:58:42","alarmFlag":0,"resourceType":2}]}`,
  pushftpfileupload: `{"deviceImei":"860000000000003","result":0,"instructionID":"1f0e2d3c","gateTime":"2026-01-15 08:19:00"}`,
  pushIothubEvent: `{"deviceImei":"860000000000003","gateTime":1768465140,"eventType":"UploadAlarmFileEnd","eventContent":"{}"}`,
  pushTerminalTransInfo: `{"deviceImei":"860000000000001","postTime":"2026-01-15 08:20:00","extensionId":8197,"content":"{8193:23.4}"}`,
  pushInstructResponse: `{"code":0,"msg":"success","data":{"_code":"100","_imei":"860000000000001","_content":"STATUS#","_msg":"Battery:4.14V","_serverFlagId":"1768465200000"}}`,
  uploadCallback: `{"imei":"860000000000003","filename":"EVENT_01.mp4","businessType":"alarm","camera":"1","mimeType":"video/mp4","lat":-1.2863,"lng":36.8172,"alarmTime":"2026-01-15 08:16:02","instructionId":"1f0e2d3c"}`,
  pushobd: `{"deviceImei":"860000000000004","gateTime":"2026-01-15 08:21:00","obdJson":"{}"}`,
  pushfaultinfo: `{"deviceImei":"860000000000004","gateTime":"2026-01-15 08:21:30","faultCode":"P0301,P0420"}`,
  pushtripreport: `{"deviceImei":"860000000000004","startTime":"2026-01-15 05:10:33","endTime":"2026-01-15 05:52:08","distance":16840,"maxSpeed":71,"fuel":1.5}`,
  pushoil: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:22:00","oil":41.5,"unit":1}`,
  pushtem: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:22:30","temperature":4.2,"humidity":61}`,
  rfid: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 05:09:58","rfid":"0012345678"}`,
  wgtc: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:23:00","content":"0102A0FF"}`,
  pushPassThroughData: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:23:00","content":"0102A0FF"}`,
  pushFileContent: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:23:00","content":"0102A0FF"}`,
  pushextendedkks: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:23:00","content":"0102A0FF"}`,
  generalBusiness: `{"deviceImei":"860000000000001","gateTime":"2026-01-15 08:23:00","mac":"A4C138000001"}`,
  tag: `{"gpsNum":3,"gpsTime":1768465740000,"imei":"860000000000005","lat":-1.2921,"lng":36.8219,"positionType":"BEACON"}`,
  "jimi.push.device.alarm": `{"imei":"860000000000001","deviceName":"KDA 001A VAN","alarmType":"ACC_ON","alarmName":"ACC ON","lat":-1.286389,"lng":36.817223,"alarmTime":"2026-01-15 05:09:58"}`,
  "jimi.open.instruction.raw.receive": `{"imei":"860000000000001","deviceName":"KDA 001A VAN","raw_data":"0A0C0F01182E0101"}`,
};

/** Keys and types; texts that are times say so. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return [shape(value[0])];
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]));
  }
  return typeof value === "string" && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) ? "time" : typeof value;
}

function itemsOf({ path, body }: Received): [kind: string, items: unknown[]] {
  if (path.endsWith("/tag/data/push")) {
    const list = JSON.parse(body);
    return ["tag", Array.isArray(list) ? list : list.data];
  }
  if (body.startsWith("{")) return [path.slice(1), [JSON.parse(body)]];
  const { msgType = "", data, data_list: list, ...bare } = Object.fromEntries(new URLSearchParams(body));
  if (list !== undefined) return [path.slice(1), JSON.parse(list)];
  if (path === "/") return [msgType, [JSON.parse(data ?? "")]];
  return [path.slice(1), [{ ...bare, code: Number(bare.code), data: JSON.parse(data ?? "") }]];
}

it("sends every path, shaped as the reference's examples are", async () => {
  await using customer = await startCustomer();
  const world = await World.make(inject("simulatorUrl"), { seed: 7, vehicles: 20 });
  const span = { url: customer.url, toS: Date.UTC(2026, 0, 15, 9) / 1000 };
  await world.push({ ...span, lastS: 86_400 });
  await world.push({ ...span, lastS: 4 * 86_400, kinds: ["pushalarm"] });

  const seen = new Map<string, unknown[]>();
  for (const request of customer.received) {
    const [kind, items] = itemsOf(request);
    const before = seen.get(kind);
    if (before === undefined) seen.set(kind, items);
    else before.push(...items);
  }
  expect([...seen.keys()].sort()).toEqual(Object.keys(EXAMPLES).sort());
  for (const [kind, example] of Object.entries(EXAMPLES)) {
    const ordinary = seen
      .get(kind)
      ?.find((item) => kind !== "pushalarm" || JSON.stringify(item).includes('"msgClass":0'));
    expect(shape(ordinary), kind).toMatchObject(shape(JSON.parse(example)) as object);
  }

  const alarms = seen.get("pushalarm") as { type: string; msgClass?: number; msg: Record<string, unknown> }[];
  const some = (what: object) => expect(alarms).toContainEqual(expect.objectContaining(what));
  some({ type: "ICCID", msg: { iccid: expect.stringMatching(/^\d{20}$/) } });
  some({ type: "VIN", msg: { vin: expect.stringMatching(/^[0-9A-HJ-NPR-Z]{17}$/) } });
  some({
    msgClass: 1,
    msg: expect.objectContaining({ alertType: 265, alarmType: 4, alarmLevel: 1, alarmLabel: "30303030" }),
  });
  some({ msgClass: 0, msg: expect.objectContaining({ alertType: "removeAlarmType", removeAlarmType: 6 }) });
});
