import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { VendorCalls } from "../../shared/points.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

it("adds calls up, so that a run of thousands stays below what an invocation may write", () => {
  const written = vi.spyOn(env.METRICS, "writeDataPoint");
  const calls = new VendorCalls();
  for (let call = 0; call < 5_000; call++) {
    calls.add(
      `method-${call % 7}`,
      call % 2 ? null : { kind: "rejected", message: "", code: String(call % 900) },
      call % 3,
    );
  }
  calls.note(env);
  expect(written.mock.calls.length).toBeLessThanOrEqual(200);
});

it("keeps how many, how long in all, and the longest", () => {
  const written = vi.spyOn(env.METRICS, "writeDataPoint");
  const calls = new VendorCalls();
  for (const durationMs of [10, 250, 40]) calls.add("a.method", null, durationMs);
  calls.add("a.method", { kind: "too_frequent", message: "", code: "1006" }, 5);
  calls.add("a.method", { kind: "unreachable", message: "" }, 20_000);
  calls.note(env);
  expect(written.mock.calls.flat()).toEqual([
    { indexes: ["a.method"], blobs: ["vendor", "a.method", "ok", ""], doubles: [300, 3, 250] },
    { indexes: ["a.method"], blobs: ["vendor", "a.method", "too_frequent", "1006"], doubles: [5, 1, 5] },
    { indexes: ["a.method"], blobs: ["vendor", "a.method", "unreachable", ""], doubles: [20_000, 1, 20_000] },
  ]);
});
