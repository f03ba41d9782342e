import { afterEach, expect, it, vi } from "vitest";
import type { LiveAnswer, LiveQuery } from "../../../shared/live/query.ts";
import { answerFromCopy } from "../../../workers/api/live-copies.ts";
import { unique } from "./fleet.ts";

/** A form that no other test asks for. */
const queryOf = (known: LiveQuery["known"] = []) =>
  ({ form: "columns", registry: false, encoding: form, filter: {}, known }) as unknown as LiveQuery;
let form = unique("form");

afterEach(() => {
  vi.useRealTimers();
  form = unique("form");
});

/** A map that counts how often it is asked, and knows one version. */
function mapOf(version: string) {
  const asked: LiveQuery["known"][] = [];
  const map = {
    version,
    asked,
    ask: async ({ known }: LiveQuery): Promise<LiveAnswer> => {
      asked.push(known);
      return known.includes(map.version)
        ? { kind: "unchanged", version: map.version }
        : { kind: "body", version: map.version, body: new TextEncoder().encode(map.version) };
    },
  };
  return map;
}

it("asks once a second, for what it lacks", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const map = mapOf("b.1");
  for (let request = 0; request < 5; request++) {
    expect(await answerFromCopy(queryOf(), 1_000, map.ask)).toMatchObject({ kind: "body", version: "b.1" });
  }
  expect(await answerFromCopy(queryOf(["b.1"]), 1_000, map.ask)).toEqual({
    kind: "unchanged",
    version: "b.1",
  });
  expect(await answerFromCopy(queryOf("any"), 1_000, map.ask)).toEqual({ kind: "unchanged", version: "b.1" });
  expect(map.asked).toEqual([[]]);

  vi.setSystemTime(Date.now() + 1_000);
  expect(await answerFromCopy(queryOf(), 1_000, map.ask)).toMatchObject({ kind: "body", version: "b.1" });
  map.version = "b.2";
  expect(await answerFromCopy(queryOf(), 1_000, map.ask)).toMatchObject({ version: "b.1" });
  vi.setSystemTime(Date.now() + 1_000);
  expect(await answerFromCopy(queryOf(["b.1"]), 1_000, map.ask)).toMatchObject({
    kind: "body",
    version: "b.2",
  });
  expect(map.asked).toEqual([[], ["b.1"], ["b.1"]]);
});

it("lets the others have the copy while one asks", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const map = mapOf("b.1");
  await answerFromCopy(queryOf(), 1_000, map.ask);
  vi.setSystemTime(Date.now() + 1_000);
  const answered = Promise.withResolvers<LiveAnswer>();
  const slow = answerFromCopy(queryOf(), 1_000, () => answered.promise);
  expect(await answerFromCopy(queryOf(), 1_000, map.ask)).toMatchObject({ version: "b.1" });
  expect(map.asked).toHaveLength(1);
  answered.resolve({ kind: "body", version: "b.9", body: new Uint8Array() });
  expect(await slow).toMatchObject({ version: "b.9" });
});

it("forgets its copy when the map fails, and asks again at once", async () => {
  const map = mapOf("b.1");
  await answerFromCopy(queryOf(), 0, map.ask);
  await expect(answerFromCopy(queryOf(), 0, () => Promise.reject(new Error("away")))).rejects.toThrow("away");
  expect(await answerFromCopy(queryOf(), 60_000, async () => null)).toBeNull();
  expect(await answerFromCopy(queryOf(), 60_000, map.ask)).toMatchObject({ version: "b.1" });
  expect(map.asked).toEqual([[], []]);
});
