import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HeldRows } from "../../../workers/analyst/held-rows.ts";

const encoder = new TextEncoder();

/** What the protocol's own code makes of texts, cut where `cuts` say. */
function written(texts: string[], cuts: number[] = []): Response {
  const bytes = encoder.encode(JSON.stringify({ texts }));
  const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
  const chunks = at.slice(1).map((end, index) => bytes.slice(at[index], end));
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  });
  return new Response(body, { status: 201, headers: { "content-length": "1", "x-kept": "yes" } });
}

const read = async (answer: Response): Promise<string[]> =>
  ((await answer.json()) as { texts: string[] }).texts;

describe("rows that are held back", () => {
  it("come out as they went in, wherever the answer is cut", async () => {
    const text = fc.string({ unit: "binary", maxLength: 60 }).map((one) => one.toWellFormed());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ before: text, rows: text, after: text }), { maxLength: 3 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (answers, cuts) => {
          const held = new HeldRows();
          const texts = answers.map(
            ({ before, rows, after }) => before + held.hold(encoder.encode(rows)) + after,
          );
          const whole = answers.map(({ before, rows, after }) => before + rows + after);
          expect(await read(held.putInto(written(texts, cuts)))).toEqual(whole);
        },
      ),
    );
  });

  it("may be many, of letters that a piece ends in the middle of", async () => {
    const rows = JSON.stringify(["a", 'ж🚚\\"\n'.repeat(40_000)]);
    const held = new HeldRows();
    const text = `{"rows":${held.hold(encoder.encode(rows))}}`;
    expect(await read(held.putInto(written([text])))).toEqual([`{"rows":${rows}}`]);
  });

  it("stand where they were held for, and nowhere else", async () => {
    const held = new HeldRows();
    const other = new HeldRows().hold(encoder.encode("theirs"));
    const texts = [
      other,
      "@rows:",
      `@rows:@rows:${held.hold(encoder.encode("ours"))}@`,
      "@",
      "jane@example.com",
    ];
    expect(await read(held.putInto(written(texts)))).toEqual([
      other,
      "@rows:",
      "@rows:@rows:ours@",
      "@",
      "jane@example.com",
    ]);
  });

  it("leave the answer's status and headers, but for its length", () => {
    const { status, headers } = new HeldRows().putInto(written([]));
    expect([status, headers.get("x-kept"), headers.get("content-length")]).toEqual([201, "yes", null]);
  });

  it("do not hold up what comes before them", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const reader = new HeldRows().putInto(new Response(readable)).body?.getReader();
    void writer.write(encoder.encode(": still there\n\n"));
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe(": still there\n\n");
    void writer.close();
    expect((await reader?.read())?.done).toBe(true);
  });
});
