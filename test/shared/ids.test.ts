import { describe, expect, it } from "vitest";
import { newId, nextMessageId } from "../../shared/ids.ts";

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe("newId", () => {
  it("is a UUIDv7 of now", () => {
    const before = Date.now();
    const id = newId();
    expect(id).toMatch(UUID_V7);
    const ms = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
    expect(ms).toBeGreaterThanOrEqual(before);
    expect(ms).toBeLessThanOrEqual(Date.now());
  });

  it("is never given twice", () => {
    expect(new Set(Array.from({ length: 5_000 }, newId)).size).toBe(5_000);
  });
});

describe("nextMessageId", () => {
  it("counts without gaps under one producer", () => {
    const first = nextMessageId(1);
    const next = Array.from({ length: 100 }, () => nextMessageId(1));
    expect(next.map(({ sequence }) => sequence - first.sequence)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    expect(new Set([first, ...next].map(({ producer }) => producer))).toEqual(new Set([first.producer]));
    expect(first.producer).toMatch(UUID_V7);
  });

  it("tells how many items went before", () => {
    const { itemsBefore } = nextMessageId(3);
    expect(nextMessageId(0).itemsBefore).toBe(itemsBefore + 3);
    expect(nextMessageId(7).itemsBefore).toBe(itemsBefore + 3);
    expect(nextMessageId(1).itemsBefore).toBe(itemsBefore + 10);
  });

  it("counts without gaps for callers that take turns", async () => {
    const { sequence } = nextMessageId(1);
    const taken: number[] = [];
    const caller = async () => {
      for (let turn = 0; turn < 50; turn++) {
        taken.push(nextMessageId(1).sequence);
        await Promise.resolve();
      }
    };
    await Promise.all([caller(), caller(), caller()]);
    expect(taken.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 150 }, (_, index) => sequence + index + 1),
    );
  });
});
