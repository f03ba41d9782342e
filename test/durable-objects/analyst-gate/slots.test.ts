import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Rules, Slots } from "../../../durable-objects/analyst-gate/slots.ts";

const RULES: Rules = { atOnce: 2, waitMs: 10_000, holdMs: 35_000 };

let lost: [analyst: string, heldMs: number][];
let slots: Slots;

beforeEach(() => {
  vi.useFakeTimers();
  lost = [];
  slots = new Slots((analyst, heldMs) => lost.push([analyst, heldMs]));
});
afterEach(() => {
  vi.useRealTimers();
});

/** Takes a slot, and says later whether there was one. */
function taking(slot: string, analyst = slot, rules = RULES): { isFree: boolean | null } {
  const state: { isFree: boolean | null } = { isFree: null };
  void slots.take(slot, analyst, rules).then((isFree) => {
    state.isFree = isFree;
  });
  return state;
}

const passing = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("turns", () => {
  it("gives as many as there are, and the next when one comes back", async () => {
    const [a, b, c] = [taking("a"), taking("b"), taking("c")];
    await passing(5_000);
    expect([a.isFree, b.isFree, c.isFree]).toEqual([true, true, null]);
    expect(slots.giveBack("a")).toBe("a");
    await passing(0);
    expect(c.isFree).toBe(true);
  });

  it("tells who waited too long", async () => {
    const all = [taking("a"), taking("b"), taking("c")];
    await passing(9_999);
    expect(all[2]?.isFree).toBeNull();
    await passing(1);
    expect(all[2]?.isFree).toBe(false);
    slots.giveBack("a");
    expect(slots.giveBack("c")).toBeNull();
  });

  it("lets nobody wait where nobody may", async () => {
    const none = { ...RULES, waitMs: 0 };
    const [a, b, c] = [taking("a", "a", none), taking("b", "b", none), taking("c", "c", none)];
    await passing(0);
    expect([a.isFree, b.isFree, c.isFree]).toEqual([true, true, false]);
  });

  it("takes back what is held for too long, and says so once", async () => {
    taking("a");
    taking("b");
    await passing(30_000);
    const late = taking("c");
    await passing(4_999);
    expect(late.isFree).toBeNull();
    await passing(1);
    expect(late.isFree).toBe(true);
    expect(lost).toEqual([
      ["a", 35_000],
      ["b", 35_000],
    ]);
    expect(slots.giveBack("a")).toBeNull();
  });

  it("prefers who holds fewest, then who came first", async () => {
    taking("1", "greedy");
    taking("2", "greedy");
    const [third, jane, john] = [taking("3", "greedy"), taking("4", "jane"), taking("5", "john")];
    slots.giveBack("1");
    await passing(0);
    expect([third.isFree, jane.isFree, john.isFree]).toEqual([null, true, null]);
    slots.giveBack("4");
    await passing(0);
    expect([third.isFree, john.isFree]).toEqual([null, true]);
  });

  it("leaves no timer behind when nobody waits", async () => {
    taking("a");
    await passing(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
