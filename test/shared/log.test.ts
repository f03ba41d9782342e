import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { newKey } from "../../shared/access.ts";
import { log, messageOf, redact } from "../../shared/log.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

describe("redact", () => {
  it.each([
    ["postgres://ingest_app:pa55w0rd@db.example.com:5432/fleet", "postgres://…db.example.com:5432/fleet"],
    ["postgresql://u:p%40ss@h/d?sslmode=require", "postgresql://…h/d?…"],
    ["https://only-user@example.com/", "https://…example.com/"],
    ["a postgres://u:p@h/a b postgres://v:q@i/b", "a postgres://…h/a b postgres://…i/b"],
    [`access_token=${TOKEN}&imei=1`, "access_token=…&imei=1"],
    [`{"accessToken":"${TOKEN}"}`, '{"accessToken":"…"}'],
    [`accessToken: ${TOKEN}`, "accessToken: …"],
    [`ACCESS_TOKEN = ${TOKEN.toUpperCase()}`, "ACCESS_TOKEN = …"],
    ["postgres://u:p@ss/w rd@h/d", "postgres://…h/d"],
    [`refresh_token=${TOKEN}&user_pwd_md5=${TOKEN}`, "refresh_token=…&user_pwd_md5=…"],
    [`access_token%3D${TOKEN}`, "access_token%…"],
    ["wss://api.example.com/v1/stream?ticket=AbC-123_x.y failed", "wss://api.example.com/v1/stream?… failed"],
    ['GET "/v1/stream?since=4&ticket=AbC-123_x.y"', 'GET "/v1/stream?…"'],
    ["https://h/a?b=c#d https://h/e?f=g", "https://h/a?… https://h/e?…"],
    ["the ticket=AbC-123_x.y&since=4", "the ticket=…&since=4"],
    ['{"ticket": "AbC-123_x.y"}', '{"ticket": "…"}'],
    ["next=%2Fv1%2Fstream%3Fticket%3DAbC-123_x.y", "next=%2Fv1%2Fstream%3Fticket%3D…"],
  ])("cleans %j", (text, cleaned) => {
    expect(redact(text)).toBe(cleaned);
  });

  it.each(["pk", "sk"] as const)("removes a %s_ key wherever it stands", (kind) => {
    for (let round = 0; round < 200; round++) {
      const key = newKey(kind);
      const text = `Bearer ${key}, "${key}" and /v1/live?key=${key}&x=1`;
      expect(redact(text)).toBe('Bearer …, "…" and /v1/live?…');
    }
  });

  it("gives the same when asked twice: it keeps no place in a text", () => {
    const text = "postgres://u:p@h/d";
    expect([redact(text), redact(text)]).toEqual(["postgres://…h/d", "postgres://…h/d"]);
  });

  it.each([
    "Fireside@HQ has 12 devices",
    "https://eu-open.tracksolidpro.com/route/rest",
    "risk_assessment of task_force",
    "why? because a=b, and a ticket: none",
    "860000000000001 at 2026-01-15T08:30:00.000Z",
    "",
  ])("leaves %j alone", (text) => {
    expect(redact(text)).toBe(text);
  });
});

it("cuts a text that no message of ours or the vendor's is as long as", () => {
  expect(redact("a://".repeat(250_000))).toHaveLength(10_000);
});

describe("messageOf", () => {
  it("redacts the message of an error, and leaves its stack behind", () => {
    const error = new Error("connect postgres://u:p@h/d failed");
    expect(messageOf(error)).toBe("connect postgres://…h/d failed");
  });

  it.each([
    ["text", "text"],
    [null, "null"],
    [undefined, "undefined"],
    [7, "7"],
    [`access_token=${TOKEN}`, "access_token=…"],
  ])("describes a thrown %j", (thrown, expected) => {
    expect(messageOf(thrown)).toBe(expected);
  });
});

describe("log", () => {
  const written: unknown[][] = [];

  beforeEach(() => {
    for (const level of ["info", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((...line) => void written.push([level, ...line]));
    }
  });

  afterEach(() => {
    vi.restoreAllMocks();
    written.length = 0;
  });

  it.each(["info", "warn", "error"] as const)("writes one flat line at %s", (level) => {
    log(level, "poll", { job: "live", items: 3, ok: true, error: null, cause: undefined });
    expect(written).toEqual([
      [level, { level, event: "poll", job: "live", items: 3, ok: true, error: null, cause: undefined }],
    ]);
  });

  it("redacts every text field", () => {
    log("error", "failed", { url: "postgres://u:p@h/d", key: newKey("sk"), token: `access_token=${TOKEN}` });
    expect(written).toEqual([
      [
        "error",
        { level: "error", event: "failed", url: "postgres://…h/d", key: "…", token: "access_token=…" },
      ],
    ]);
  });

  it("needs no fields", () => {
    log("info", "started");
    expect(written).toEqual([["info", { level: "info", event: "started" }]]);
  });
});
