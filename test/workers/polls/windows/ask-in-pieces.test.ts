import { describe, expect, it } from "vitest";
import type { JimiFailure } from "../../../../shared/jimi/failures.ts";
import { vendorTime } from "../../../../shared/jimi/request.ts";
import { askInPieces, type Piece } from "../../../../workers/polls/windows/ask-in-pieces.ts";
import { askWhole } from "../../../../workers/polls/windows/ask-whole.ts";
import type { WindowContext } from "../../../../workers/polls/windows/window.ts";

const HOUR_MS = 3_600_000;
const NOON_MS = Date.UTC(2026, 10, 10, 12);

function contextFor(imeis: string[], fromMs: number, toMs: number, mayGoOn = () => true) {
  const outcome = { items: 0, missing: new Set<string>(), failures: [] as JimiFailure[] };
  const window = { runId: "run", number: 1, account: null, imeis, fromMs, toMs };
  return { window, reachS: 365 * 24 * 3_600, outcome, mayGoOn } as unknown as WindowContext & {
    outcome: typeof outcome;
  };
}

/** Everything that pieces bring of a vendor that knows these items and tells at most so many at once. */
async function collect(
  context: WindowContext,
  items: { imei: string; atMs: number }[],
  most: number,
  failureOf: (piece: Piece) => JimiFailure | null = () => null,
) {
  const asked: Piece[] = [];
  const told: unknown[] = [];
  const { imeis, fromMs, toMs } = context.window;
  const pieces = askInPieces(context, { imeis, fromMs, toMs }, async (piece) => {
    asked.push(piece);
    const failure = failureOf(piece);
    if (failure) return { ok: false, failure };
    const found = items.filter(
      ({ imei, atMs }) => piece.imeis.includes(imei) && atMs >= piece.fromMs && atMs < piece.toMs,
    );
    return { ok: true, value: { items: found.slice(0, most), cut: found.length >= most } };
  });
  for await (const { items: some } of pieces) told.push(...some);
  return { asked, told };
}

const failure = (kind: JimiFailure["kind"]): JimiFailure => ({ kind, message: kind });

describe("a window", () => {
  it("is asked in halves where the answer is cut, down to parts of an hour of one vehicle", async () => {
    const items = ["a", "b", "c"].flatMap((imei) =>
      Array.from({ length: imei === "b" ? 300 : 20 }, (_, n) => ({ imei, atMs: NOON_MS + n * 10_000 })),
    );
    const context = contextFor(["a", "b", "c"], NOON_MS, NOON_MS + HOUR_MS);
    const { told } = await collect(context, items, 100);
    expect(told).toHaveLength(items.length);
    expect(new Set(told.map((item) => JSON.stringify(item))).size).toBe(items.length);
    expect(context.outcome).toMatchObject({ failures: [] });
  });

  it("says so where the vendor has more in two minutes than it tells at once", async () => {
    const items = Array.from({ length: 200 }, (_, n) => ({ imei: "a", atMs: NOON_MS + n }));
    const context = contextFor(["a"], NOON_MS, NOON_MS + HOUR_MS);
    const { told } = await collect(context, items, 100);
    expect(told).toEqual([]);
    expect([...context.outcome.missing]).toEqual(["a"]);
    expect(context.outcome.failures).toMatchObject([{ kind: "unreadable" }]);
  });

  it("loses one vehicle where one spoils it, and nobody where it is only not ours", async () => {
    const imeis = Array.from({ length: 50 }, (_, n) => `vehicle ${n}`);
    const items = imeis.map((imei) => ({ imei, atMs: NOON_MS }));
    for (const kind of ["business", "illegal_device"] as const) {
      const context = contextFor(imeis, NOON_MS, NOON_MS + HOUR_MS);
      const { told, asked } = await collect(context, items, 100, (piece) =>
        piece.imeis.includes("vehicle 7") ? failure(kind) : null,
      );
      expect(told).toHaveLength(49);
      expect(asked.length).toBeLessThan(16);
      expect([...context.outcome.missing]).toEqual(kind === "business" ? ["vehicle 7"] : []);
    }
  });

  it("ends with a failure that concerns everybody, and keeps what it had", async () => {
    const imeis = ["a", "b", "c", "d"];
    const items = imeis.flatMap((imei) => [0, 1, 2].map((n) => ({ imei, atMs: NOON_MS + n })));
    const context = contextFor(imeis, NOON_MS, NOON_MS + HOUR_MS);
    const { told, asked } = await collect(context, items, 10, (piece) =>
      piece.imeis.includes("c") && piece.imeis.length < 4 ? failure("too_frequent") : null,
    );
    expect(told).toHaveLength(6);
    expect(asked).toHaveLength(3);
    expect([...context.outcome.missing].sort()).toEqual(["c", "d"]);
  });

  it("is left where its time is over", async () => {
    const context = contextFor(["a", "b"], NOON_MS, NOON_MS + HOUR_MS, () => false);
    const { asked } = await collect(context, [], 10);
    expect(asked).toEqual([]);
    expect(context.outcome).toMatchObject({ failures: [{ kind: "postponed" }] });
    expect([...context.outcome.missing]).toEqual(["a", "b"]);
  });
});

describe("a trip", () => {
  /** A vendor that cuts what it tells at the borders of what it is asked. */
  const cutting = (fromMs: number, toMs: number) => async (piece: Piece) => {
    const startMs = Math.max(fromMs, piece.fromMs);
    const endMs = Math.min(toMs, piece.toMs);
    const items =
      startMs < endMs
        ? [{ imei: "860000000000001", startTime: vendorTime(startMs), endTime: vendorTime(endMs) }]
        : [];
    return { ok: true as const, value: { items, cut: false } };
  };

  it.each([
    ["over its start", -3, 0.5],
    ["over its end", 0.5, 5],
    ["over both, for days", -60, 60],
    ["within it", 0.25, 0.75],
  ])("that reaches over a window of the past is told whole: %s", async (_, fromH, toH) => {
    const fromMs = NOON_MS + fromH * HOUR_MS;
    const toMs = NOON_MS + toH * HOUR_MS;
    const sent: unknown[] = [];
    const context = contextFor(["860000000000001"], NOON_MS, NOON_MS + HOUR_MS);
    await askWhole(context, cutting(fromMs, toMs), async (items) => void sent.push(...items));
    expect(sent).toEqual([
      { imei: "860000000000001", startTime: vendorTime(fromMs), endTime: vendorTime(toMs) },
    ]);
  });
});
