import { describe, expect, it } from "vitest";
import { ask, expectProblem, reader } from "./caller.ts";

const list = (count: number) =>
  Array.from({ length: count }, (_, number) => 860000000000000 + number).join(",");

describe("a URL", () => {
  it("of 5,000 accounts is too long", async () => {
    const call = await reader();
    const detail = await expectProblem(await call(`/v1/live?account=${list(5_000)}`), "uri_too_long");
    expect(detail).toContain("16000");
  });

  it("is too long without a key, on every path and with every method", async () => {
    const query = `?q=${"x".repeat(16_000)}`;
    for (const path of ["/v1/live", "/health", "/openapi.json", "/docs", "/", "/nothing"]) {
      await expectProblem(await ask(path + query), "uri_too_long");
      await expectProblem(await ask(path + query, { method: "POST" }), "uri_too_long");
    }
  });

  it("may be long as long as what it holds is right", async () => {
    const call = await reader();
    const accounts = Array.from({ length: 100 }, (_, number) => `account-with-a-long-name-${number}`).join(
      ",",
    );
    for (const [query, status] of [
      [`account=${accounts}&city=${accounts}&segment=${accounts}&vehicle_type=${accounts}`, 200],
      [`account=${list(101)}`, 400],
      [`unknown=${"x".repeat(12_000)}`, 200],
    ] as const) {
      expect((await call(`/v1/live?${query}`)).status).toBe(status);
    }
  });
});

describe("a parameter", () => {
  it.each([
    "account=a&account=b",
    "bbox=1,2,3,4&bbox=1,2,3,4",
    "bbox=NaN,NaN,NaN,NaN",
    "bbox=1e308,1,1,1",
    "bbox=,,,",
    "q=%00",
    "account=a%00b",
  ])("is refused when it is %s", async (query) => {
    const call = await reader();
    await expectProblem(await call(`/v1/live?${query}`), "invalid_request");
  });

  it.each(["9".repeat(400), "1e3", "-1", "0", "1001", "0x10", "1.5", "", " ", "NaN"])(
    "limit is refused when it is %j",
    async (limit) => {
      const call = await reader();
      const response = await call(`/v1/vehicles?limit=${encodeURIComponent(limit)}`);
      await expectProblem(response, "invalid_request");
    },
  );
});
