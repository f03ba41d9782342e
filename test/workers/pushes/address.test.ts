import { expect, it } from "vitest";
import { kindOfPath, readAddress, refineKind } from "../../../workers/pushes/address.ts";

const isToken = (text: string) => text === "the-right-token-1";

it.each([
  ["/pushgps", "/pushgps", "pushgps", false],
  ["/PushGPS/", "/PushGPS", "pushgps", false],
  ["/pushIothubEvent", "/pushIothubEvent", "pushiothubevent", false],
  ["/pushTerminalTransInfo", "/pushTerminalTransInfo", "pushterminaltransinfo", false],
  ["/rfid", "/rfid", "rfid", false],
  ["/wgtc//", "/wgtc", "wgtc", false],
  ["/the-right-token-1/pushhb", "/pushhb", "pushhb", true],
  ["/the-right-token-1", "/", "push_other", true],
  ["/a-wrong-token-0001/pushhb", "/a-wrong-token-0001/pushhb", "pushhb", false],
  ["/base/of/ours/pushalarm", "/base/of/ours/pushalarm", "pushalarm", false],
  ["/api/v1/tag/data/push", "/api/v1/tag/data/push", "tag", false],
  ["/the-right-token-1/API/v1/Tag/data/push/", "/API/v1/Tag/data/push", "tag", true],
  ["/pushcmd", "/pushcmd", "push_other", false],
  ["/push_other", "/push_other", "push_other", false],
  ["/open_alarm", "/open_alarm", "push_other", false],
  ["/__proto__", "/__proto__", "push_other", false],
  ["/", "/", "push_other", false],
])("reads %s", (pathname, path, kind, hasToken) => {
  expect(readAddress(pathname, isToken)).toEqual({ path, kind, hasToken });
});

it("keeps of a path no more than any path of the vendor has", () => {
  expect(readAddress(`/${"x".repeat(10_000)}`, isToken).path).toHaveLength(200);
});

it.each([
  ["push_other", "jimi.push.device.alarm", "open_alarm"],
  ["pushalarm", "jimi.push.device.alarm", "open_alarm"],
  ["push_other", "jimi.open.instruction.raw.receive", "open_instruction"],
  ["push_other", "pushobd", "pushobd"],
  ["push_other", " PushObd ", "pushobd"],
  ["pushgps", "pushobd", "pushgps"],
  ["pushinstructresponse", "1", "pushinstructresponse"],
  ["push_other", "something.new", "push_other"],
  ["push_other", null, "push_other"],
] as const)("refines %s by msgType %s to %s", (kind, msgType, refined) => {
  expect(refineKind(kind, msgType)).toBe(refined);
});

it("knows no path by the name of a prototype", () => {
  for (const path of ["/constructor", "/toString", "/hasOwnProperty"]) {
    expect(kindOfPath(path)).toBe("push_other");
  }
});
