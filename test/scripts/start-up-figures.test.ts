import { expect, it } from "vitest";
import { startUpFigures } from "../bench/size.ts";

it("compares start-ups only where there is something to compare with", () => {
  expect(startUpFigures([30, 40, 50], [10, 20, 25])).toEqual({
    ...{ value: 2, measured: "2.0 ×", figures: "40 ms against 20 ms" },
  });
  for (const hono of [
    [0, 0, 0],
    [0, 1, 1],
  ]) {
    expect(startUpFigures([30, 40, 50], hono)).toMatchObject({ value: 40, measured: "40 ms" });
  }
});
