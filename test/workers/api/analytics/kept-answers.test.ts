import { describe, expect, it } from "vitest";
import { makeOnce } from "../../../../workers/api/analytics/kept-answers.ts";

let made = 0;

/** Asks for an answer of so many characters. */
const ask = (question: string, characters = 10) =>
  makeOnce(question, async () => {
    made += 1;
    return `${made} `.padEnd(characters, "x");
  });

/** Which of them are made once more when they are asked for again, in this order. */
async function forgotten(questions: string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const question of questions) {
    const before = made;
    await ask(question);
    if (made > before) lost.push(question);
  }
  return lost;
}

describe("an answer", () => {
  it("is made once for as long as the question is the same", async () => {
    const first = await ask("fleet revision-1");
    expect(await ask("fleet revision-1")).toBe(first);
    expect(await ask("fleet revision-2")).not.toBe(first);
  });

  it("is not kept where it could not be made", async () => {
    const away = async () => {
      throw new Error("away");
    };
    await expect(makeOnce("away", away)).rejects.toThrow("away");
    expect(await forgotten(["away"])).toEqual(["away"]);
  });

  it("goes when others take its room, that which nobody asked for longest first", async () => {
    const large = Array.from({ length: 4 }, (_, n) => `large ${n}`);
    for (const question of large) await ask(question, 1_900_000);
    await ask("large 0", 1_900_000);
    await ask("large 4", 1_900_000);
    expect(await forgotten(["large 0", "large 2", "large 3", "large 4"])).toEqual([]);
    expect(await forgotten(["large 1"])).toEqual(["large 1"]);
  });

  it("is not kept at all where it would take a quarter of the room", async () => {
    await ask("huge", 2_100_000);
    expect(await forgotten(["huge"])).toEqual(["huge"]);
  });
});
