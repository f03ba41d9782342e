import { describe, expect, it } from "vitest";
import {
  readFlag,
  readHeading,
  readImei,
  readInteger,
  readNumber,
  readText,
  readTimeMs,
  readWithin,
} from "../../../shared/jimi/values.ts";

/** What no reader may take for a value. */
const junk: unknown[] = [null, undefined, "", " ", "\t\n", {}, [], Number.NaN, Number.POSITIVE_INFINITY];

describe("readText", () => {
  it.each([
    ["KDA 001A VAN", "KDA 001A VAN"],
    ["  Zoë Ñandú \n", "Zoë Ñandú"],
    ["-1", "-1"],
    ["0", "0"],
    ["车辆", "车辆"],
    [42, "42"],
    [0, "0"],
    [-1.5, "-1.5"],
  ])("reads %j as %j", (value, expected) => {
    expect(readText(value)).toBe(expected);
  });

  it.each([...junk, true, false])("knows nothing from %j", (value) => {
    expect(readText(value)).toBeNull();
  });

  it("drops NUL, which Postgres refuses in text", () => {
    expect(readText("KDA\0 001A\0")).toBe("KDA 001A");
    expect(readText("\0\0")).toBeNull();
    expect(readText("\0 \0")).toBeNull();
  });

  it("replaces lone surrogates, which are not UTF-8, and keeps pairs", () => {
    expect(readText("a\ud83db")).toBe("a\ufffdb");
    expect(readText("\ude9a")).toBe("\ufffd");
    expect(readText("🚚 1")).toBe("🚚 1");
  });

  it("cuts at 500 characters", () => {
    expect(readText("x".repeat(501))).toBe("x".repeat(500));
    expect(readText("x".repeat(500))).toBe("x".repeat(500));
  });

  it("never leaves half a character where it cuts", () => {
    const text = readText(`${"x".repeat(499)}🚚`);
    expect(text).toBe(`${"x".repeat(499)}\ufffd`);
    expect(text?.isWellFormed()).toBe(true);
  });
});

describe("readNumber", () => {
  it.each([
    [42, 42],
    ["42", 42],
    ["-1", -1],
    ["15234.704987375656", 15234.704987375657],
    [" 4.14 ", 4.14],
    ["0.00", 0],
    ["1e3", 1000],
    ["00", 0],
  ])("reads %j as %d", (value, expected) => {
    expect(readNumber(value)).toBe(expected);
  });

  it.each([...junk, true, "0.00L", "12,6", "--", "NaN", "Infinity", "1e400", "-1e400", "4\0", "null"])(
    "knows nothing from %j",
    (value) => {
      expect(readNumber(value)).toBeNull();
    },
  );
});

describe("readWithin and readInteger", () => {
  it.each([
    ["0", 0],
    ["100", 100],
    [99.5, 99.5],
  ])("takes %j, which is within 0 and 100", (value, expected) => {
    expect(readWithin(value, 0, 100)).toBe(expected);
  });

  it.each(["-1", -0.001, 100.001, "1e400", "", null])("takes %j for unknown", (value) => {
    expect(readWithin(value, 0, 100)).toBeNull();
    expect(readInteger(value, 0, 100)).toBeNull();
  });

  it("rounds to whole numbers", () => {
    expect(readInteger("11.5", 0, 100)).toBe(12);
    expect(readInteger("3", 1, 3)).toBe(3);
  });
});

describe("readFlag", () => {
  it.each([1, "1", "ON", "on", " On ", true])("%j is on", (value) => {
    expect(readFlag(value)).toBe(true);
  });

  it.each([0, "0", "OFF", "off", false])("%j is off", (value) => {
    expect(readFlag(value)).toBe(false);
  });

  it.each([...junk, "-1", 2, "yes", "01"])("%j is unknown", (value) => {
    expect(readFlag(value)).toBeNull();
  });
});

describe("readHeading", () => {
  it.each([
    ["0", 0],
    ["187", 187],
    [359, 359],
    ["359.4", 359],
    ["360", 0],
    ["359.6", 0],
  ])("%j is %d degrees", (value, expected) => {
    expect(readHeading(value)).toBe(expected);
  });

  it.each([...junk, "-1", -1, 361, "N"])("%j is unknown", (value) => {
    expect(readHeading(value)).toBeNull();
  });
});

describe("readImei", () => {
  it.each(["860000000000001", "86000000000000", "86000000000000123", " 860000000000001 "])(
    "%j is one",
    (value) => {
      expect(readImei(value)).toBe(value.trim());
    },
  );

  it("takes a number, since 15 digits fit", () => {
    expect(readImei(860000000000001)).toBe("860000000000001");
  });

  it.each([
    ...junk,
    "8600000000000",
    "860000000000001234",
    "86000000000000A",
    "860000000000001,860000000000002",
    "-60000000000001",
    "8.6e14",
    "٨٦٠٠٠٠٠٠٠٠٠٠٠٠١",
    "'; drop table tracksolid.devices; --",
  ])("%j is none", (value) => {
    expect(readImei(value)).toBeNull();
  });
});

describe("readTimeMs", () => {
  const at = Date.UTC(2026, 0, 14, 5, 10, 33);

  it.each([
    ["plain text", "2026-01-14 05:10:33", at],
    ["ISO with milliseconds", "2026-01-14T05:10:33.250Z", at + 250],
    ["Unix seconds", at / 1000, at],
    ["Unix milliseconds", at, at],
    ["not padded", "2026-1-14 5:10:33", at],
    ["Unix seconds as text", String(at / 1000), at],
    ["Unix milliseconds as text", String(at), at],
    ["ISO without milliseconds", "2026-01-14T05:10:33Z", at],
    ["microseconds", "2026-01-14T05:10:33.250999Z", at + 250],
    ["tenths", "2026-01-14 05:10:33.2", at + 200],
    ["blanks around", " 2026-01-14 05:10:33 ", at],
    ["a leap day", "2028-02-29 00:00:00", Date.UTC(2028, 1, 29)],
    ["the vendor's own example", "2024-05-09 1:27:23", Date.UTC(2024, 4, 9, 1, 27, 23)],
  ])("reads %s", (_, value, expected) => {
    expect(readTimeMs(value)).toBe(expected);
  });

  it.each([
    ...junk,
    "2026-02-31 10:00:00",
    "2026-02-29 10:00:00",
    "2026-13-01 10:00:00",
    "2026-00-10 10:00:00",
    "2026-01-00 10:00:00",
    "2026-01-14 24:00:00",
    "2026-01-14 23:60:00",
    "2026-01-14 23:59:61",
    "2026-01-14",
    "14.01.2026 05:10:33",
    "2026-01-14 05:10:33+03:00",
    "0000-00-00 00:00:00",
    "0",
    "-1",
    0,
    "now",
    true,
  ])("knows nothing from %j", (value) => {
    expect(readTimeMs(value)).toBeNull();
  });

  it("gives a finite number for an absurd one, which the caller judges", () => {
    expect(Number.isFinite(readTimeMs("9".repeat(30)))).toBe(true);
    expect(readTimeMs("1e400")).toBeNull();
  });
});
