import { describe, expect, it } from "vitest";
import { classify, type JimiFailureKind, policyOf } from "../../../shared/jimi/failures.ts";

const giveUp = { action: "give_up" };
const retryBusy = { action: "retry", tries: 5, backoffMs: 2_000 };
const retryOnce = { action: "retry", tries: 2, backoffMs: 5_000 };

/** The table of the reference, §1.9, as far as our methods can meet it. */
const table: [code: string, message: string, kind: JimiFailureKind, policy: object][] = [
  ["-1", "Operation successful", "busy", retryBusy],
  ["1001", "Parameter validation failed", "rejected", giveUp],
  ["1002", "Illegal user or device", "illegal_device", { action: "bisect" }],
  ["1003", "Repeated operation", "rejected", giveUp],
  ["1004", "Illegal request，token is invalid", "token", { action: "renew", tries: 3 }],
  ["1005", "Too many requests from this IP", "ip_limited", { action: "break" }],
  ["1006", "Illegal access, request frequency is too high", "too_frequent", { action: "break" }],
  ["1006", "Request frequency is too high today!", "quota", { action: "break" }],
  ["1007", "Request method error", "rejected", giveUp],
  ["1008", "Abnormal input", "rejected", giveUp],
  ["1100", "Business exception", "business", retryOnce],
  ["10", "Device already bound", "rejected", giveUp],
  ["1112", "Device already in target account", "rejected", giveUp],
  ["12005", "226", "rejected", giveUp],
  ["213", "Account exists", "rejected", giveUp],
  ["217", "Target user does not exist", "rejected", giveUp],
  ["220", "Too many IMEIs", "rejected", giveUp],
  ["240", "Data format error", "rejected", giveUp],
  ["243", "Not supported by the device", "rejected", giveUp],
  ["30010", "Wrong command password", "rejected", giveUp],
  ["99999", "设备不存在，请检查", "rejected", giveUp],
  ["", "", "rejected", giveUp],
];

describe("classify", () => {
  it.each(table)("%s %j is %s", (code, message, kind, policy) => {
    const failure = classify(code, message);
    expect(failure.kind).toBe(kind);
    expect(failure.code).toBe(code);
    expect(policyOf(failure)).toEqual(policy);
  });

  it.each([
    ["1002", "Incorrect user name or password"],
    ["1001", "incorrect username or password"],
    ["1001", "invalid AppKey"],
    ["1004", "The app key is illegal"],
  ])("takes %s %j for wrong credentials, and says what to check", (code, message) => {
    const failure = classify(code, message);
    expect(failure.kind).toBe("credentials");
    expect(policyOf(failure)).toEqual(giveUp);
    for (const name of ["APP_KEY", "APP_SECRET", "USER", "PASSWORD", "API_URL"]) {
      expect(failure.message).toContain(`TRACKSOLID_${name}`);
    }
  });

  it("takes a quota for one only where the code says so too", () => {
    expect(classify("-1", "Busy today").kind).toBe("busy");
    expect(classify("1006", "TODAY").kind).toBe("quota");
  });

  it("quotes at most 300 characters of the vendor", () => {
    expect(classify("1001", "x".repeat(10_000)).message.length).toBeLessThan(350);
  });

  it("retries what never reached the vendor, three times from 1 s", () => {
    const policy = { action: "retry", tries: 3, backoffMs: 1_000 };
    expect(policyOf({ kind: "unreachable", message: "" })).toEqual(policy);
    expect(policyOf({ kind: "unreadable", message: "" })).toEqual(policy);
  });

  it("gives up where the session gave no permit", () => {
    expect(policyOf({ kind: "postponed", message: "" })).toEqual(giveUp);
    expect(policyOf({ kind: "unshared", message: "" })).toEqual(giveUp);
  });
});

it("does not take a code for a member of an object", () => {
  for (const code of ["constructor", "__proto__", "toString"]) {
    expect(policyOf(classify(code, ""))).toEqual(giveUp);
  }
});
