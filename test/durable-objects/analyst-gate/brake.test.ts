import { describe, expect, it } from "vitest";
import { Brake } from "../../../durable-objects/analyst-gate/brake.ts";

const AT = Date.parse("2026-01-15T08:30:00Z");

/** How many of so many requests at one moment are good. */
const good = (brake: Brake, who: string, requests: number, atMs: number) =>
  Array.from({ length: requests }, () => brake.knock(who, 30, 60, atMs)).filter((wait) => wait === 0).length;

describe("requests a second, with bursts", () => {
  it("lets a burst through, and what fills up after it", () => {
    const brake = new Brake();
    expect(good(brake, "jane", 100, AT)).toBe(60);
    expect(good(brake, "jane", 100, AT + 500)).toBe(15);
    expect(good(brake, "jane", 100, AT + 60_000)).toBe(60);
  });

  it("says when the next one is good", () => {
    const brake = new Brake();
    expect(brake.knock("jane", 0.25, 1, AT)).toBe(0);
    expect(brake.knock("jane", 0.25, 1, AT)).toBe(4);
    expect(brake.knock("jane", 0.25, 1, AT + 3_900)).toBe(1);
    expect(brake.knock("jane", 0.25, 1, AT + 4_000)).toBe(0);
  });

  it("counts everybody for themselves", () => {
    const brake = new Brake();
    expect(good(brake, "jane", 60, AT)).toBe(60);
    expect(good(brake, "john", 60, AT)).toBe(60);
  });

  it("is not talked into anything by a clock that goes back", () => {
    const brake = new Brake();
    expect(good(brake, "jane", 60, AT)).toBe(60);
    expect(good(brake, "jane", 60, AT - 3_600_000)).toBe(0);
  });

  it("forgets who has not asked for long, and gives them no more for it", () => {
    const brake = new Brake();
    good(brake, "jane", 60, AT);
    good(brake, "john", 1, AT + 11 * 60_000);
    expect(good(brake, "jane", 100, AT + 11 * 60_000)).toBe(60);
  });
});
