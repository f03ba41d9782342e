import { describe, expect, it } from "vitest";
import { cut } from "../../../workers/queue/send.ts";

/** What a queue message may weigh before it is billed twice. */
const MOST_BYTES = 64_000;

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).byteLength;

/** A message as it travels, with the longest origin there can be. */
const messageOf = (items: unknown[]) => ({
  v: 1,
  id: {
    producer: "0198c000-0000-7000-8000-000000000001",
    sequence: Number.MAX_SAFE_INTEGER,
    itemsBefore: Number.MAX_SAFE_INTEGER,
  },
  receipt: "0198c000-0000-7000-8000-000000000001",
  part: { number: 10_000, of: 10_000 },
  source: "push",
  kind: "pushterminaltransinfo",
  account: "车".repeat(100),
  receivedAt: "2026-01-15T08:30:00.000Z",
  via: { path: "车".repeat(70), msgType: "车".repeat(33), headers: { "user-agent": "a".repeat(1_500) } },
  items,
  stored: null,
});

const chunksOf = (items: unknown[]) =>
  [...cut(items)].map(({ json, count }) => {
    const chunk = JSON.parse(`[${json}]`) as unknown[];
    expect(chunk).toHaveLength(count);
    return chunk;
  });

/** A list of numbers in [0, 1) that is the same in each run. */
function* randomFrom(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

const ALPHABET = ["a", '"', "\\", "\0", "é", "车", "🚚", "\ud83d", "\u2028"];

function randomItems(random: Generator<number, never>): unknown[] {
  const next = () => random.next().value;
  const longest = next() < 0.2 ? 60_000 : 2_000;
  return Array.from({ length: Math.floor(next() * 120) }, (_, number) => ({
    number,
    text: (ALPHABET[Math.floor(next() * ALPHABET.length)] ?? "").repeat(Math.floor(next() * longest)),
  }));
}

describe("cut", () => {
  it("makes nothing of nothing", () => {
    expect(chunksOf([])).toEqual([]);
  });

  it("leaves together what fits", () => {
    const items = [{ imei: "1" }, null, 0, "text", []];
    expect(chunksOf(items)).toEqual([items]);
  });

  it("lets an item that is too large travel alone, between its neighbours", () => {
    const huge = { text: "x".repeat(200_000) };
    expect(chunksOf([1, 2, huge, 3])).toEqual([[1, 2], [huge], [3]]);
    expect(chunksOf([huge])).toEqual([[huge]]);
    expect(chunksOf([huge, huge])).toEqual([[huge], [huge]]);
  });

  it("counts bytes of UTF-8, not characters", () => {
    const item = "车".repeat(10_000);
    expect(bytesOf(item)).toBe(30_002);
    expect(chunksOf([item, item, item]).map((chunk) => chunk.length)).toEqual([2, 1]);
  });

  it("counts what JSON adds: escapes, quotes and commas", () => {
    const item = "\0".repeat(5_000);
    expect(bytesOf(item)).toBe(30_002);
    expect(chunksOf([item, item, item]).map((chunk) => chunk.length)).toEqual([2, 1]);
    const many = Array.from({ length: 60_000 }, () => 1);
    for (const chunk of chunksOf(many)) expect(bytesOf(messageOf(chunk))).toBeLessThanOrEqual(MOST_BYTES);
  });

  it("fills messages: a chunk and the next item would not have fitted", () => {
    const items = Array.from({ length: 1_000 }, (_, number) => ({ number, text: "x".repeat(number) }));
    const chunks = chunksOf(items);
    chunks.slice(1).forEach(([first], index) => {
      expect(bytesOf([...(chunks[index] ?? []), first])).toBeGreaterThan(MOST_BYTES - 3_000);
    });
  });

  it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    "keeps every item, their order and the limit: seed %d",
    (seed) => {
      const items = randomItems(randomFrom(seed));
      expect(chunksOf(items).flat()).toEqual(JSON.parse(JSON.stringify(items)));
      for (const { json, bytes } of cut(items)) {
        const chunk = JSON.parse(`[${json}]`) as unknown[];
        expect(chunk.length).toBeGreaterThan(0);
        const weight = bytesOf(messageOf(chunk));
        expect(weight).toBeLessThanOrEqual(bytes);
        if (chunk.length > 1) expect(weight).toBeLessThanOrEqual(MOST_BYTES);
      }
    },
  );
});
