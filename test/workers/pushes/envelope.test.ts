import { expect, it } from "vitest";
import { hasTokenInside, openEnvelope } from "../../../workers/pushes/envelope.ts";

const gps = { deviceImei: "860000000000001", lat: -1.28, lng: 36.81 };
const hb = { deviceImei: "860000000000002", powerLevel: 100 };
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const text = JSON.stringify;

it.each([
  ["E1 with one object", form({ msgType: "pushobd", data: text(gps) }), [gps], null, "pushobd"],
  ["E1 with a list", form({ msgType: "pushobd", data: text([gps, hb]) }), [gps, hb], null, "pushobd"],
  ["E2", form({ token: "t", data_list: text([gps, hb]) }), [gps, hb], "t", null],
  ["E2 with one object", form({ token: "t", data_list: text(gps) }), [gps], "t", null],
  ["E2 that was made text twice", form({ token: "t", data_list: text(text([gps])) }), [gps], "t", null],
  ["E2 with a type", form({ token: "t", msgType: "1", data_list: text([gps]) }), [gps], "t", "1"],
  ["E3", text({ token: "t", data_list: [gps, hb] }), [gps, hb], "t", null],
  ["E3 with text", text({ token: "t", data_list: text([gps]) }), [gps], "t", null],
  ["E3 with a type that is a number", text({ token: "t", msgType: 2, data_list: [gps] }), [gps], "t", "2"],
  ["E3 after blanks", ` \r\n\t${text({ data_list: [gps] })} `, [gps], null, null],
  ["E1 as JSON", text({ msgType: "pushgps", data: gps }), [gps], null, "pushgps"],
  [
    "E4, the answer to a command",
    text({ code: 0, msg: "success", data: { _imei: "860000000000001" }, token: "t" }),
    [{ code: 0, msg: "success", data: { _imei: "860000000000001" } }],
    "t",
    null,
  ],
  [
    "E4, a bare object",
    text({ imei: "1", totalNum: 0, token: "t" }),
    [{ imei: "1", totalNum: 0 }],
    "t",
    null,
  ],
  ["E4 as a form", form({ imei: "1", totalNum: "0", token: "t" }), [{ imei: "1", totalNum: "0" }], "t", null],
  ["E5, a list", text([gps, hb]), [gps, hb], null, null],
  ["E5, data", text({ data: [gps, hb] }), [gps, hb], null, null],
  ["JSON as text", text(text({ token: "t", data_list: [gps] })), [gps], "t", null],
  ["two lists", `token=t&data_list=${text([gps])}&data_list=${text([hb])}`, [gps, hb], "t", null],
  [
    "E4, module data of a device",
    text({ deviceImei: "1", data: "0102A0FF", token: "t" }),
    [{ deviceImei: "1", data: "0102A0FF" }],
    "t",
    null,
  ],
  [
    "E4, readings of a device",
    form({ imei: "1", gateTime: "x", data: '{"rpm":1816}' }),
    [{ imei: "1", gateTime: "x", data: '{"rpm":1816}' }],
    null,
    null,
  ],
  ["an empty list", form({ token: "t", data_list: "[]" }), [], "t", null],
  ["no items at all", form({ token: "t" }), [], "t", null],
  ["null", form({ token: "t", data_list: "null" }), [], "t", null],
])("opens %s", (_, body, items, token, msgType) => {
  expect(openEnvelope(body)).toEqual({ items, token, msgType });
});

it.each([
  ["JSON that breaks off", '{"token":"t","data_list":[{"dev', ['{"token":"t","data_list":[{"dev']],
  ["a list that breaks off", form({ token: "t", data_list: '[{"dev' }), [{ data_list: '[{"dev' }]],
  [
    "a list cut in two by a bare &",
    `token=t&data_list=[{"deviceImei":"1","content":"A&B"}]`,
    [{ data_list: '[{"deviceImei":"1","content":"A', 'B"}]': "" }],
  ],
  ["a list in JSON that breaks off", '{"token":"t","data_list":"[{"}', [{ data_list: "[{" }]],
  ["text", "hello", ["hello"]],
  ["a page", "<html></html>", ["<html></html>"]],
])("keeps %s as one item", (_, body, items) => {
  expect(openEnvelope(body).items).toEqual(items);
});

it.each([
  ["token=a-token-of-16-char&data_list=[]", true],
  ["data_list=[]&token=a-token-of-16-char", true],
  ['{"token":"a-token-of-16-char","data_list":[]}', true],
  ['{"data_list":[{"token" : "another-token-1234"}],"token":\n"a-token-of-16-char"}', true],
  [text(text({ token: "a-token-of-16-char" })), true],
  ["mytoken=a-token-of-16-char", false],
  ["token=a-token-of-16-char-and-more", false],
  ['{"token":"short"}', false],
  ["", false],
])("finds in %j the token, or does not", (body, found) => {
  expect(hasTokenInside(body, (candidate) => candidate === "a-token-of-16-char")).toBe(found);
});

it("keeps broken items where they stand", () => {
  const items = [gps, null, 1, "text", [], { __proto__: null, lat: 1 }];
  expect(openEnvelope(form({ data_list: text(items) })).items).toEqual(JSON.parse(text(items)));
});

it("is not led astray by names of the prototype", () => {
  const body = '{"__proto__":{"data_list":[1],"token":"t"},"constructor":1,"imei":"1"}';
  const { items, token } = openEnvelope(body);
  expect(token).toBeNull();
  expect(items).toEqual([JSON.parse(body)]);
  expect(openEnvelope("__proto__=1&constructor=2&imei=3").items).toHaveLength(1);
  expect(({} as Record<string, unknown>).data_list).toBeUndefined();
});

it("opens what is nested a million deep", () => {
  const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
  expect(openEnvelope(deep).items).toHaveLength(1);
  expect(openEnvelope(form({ token: "t", data_list: deep })).items).toHaveLength(1);
});

it("opens a field of 10 MB", () => {
  const items = [{ deviceImei: "1", content: "x".repeat(10_000_000) }];
  expect(openEnvelope(form({ data_list: text(items) })).items).toEqual(items);
});
