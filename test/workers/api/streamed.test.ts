import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { afterEach, expect, it, vi } from "vitest";
import type { ApiEnv } from "../../../workers/api/context.ts";
import { answerStreamed } from "../../../workers/api/streamed.ts";
import { collectLines } from "../lines.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Asks a route that answers with the pages 1, 2, 3, …; `log` says what became of them. */
function askPages(options: { pages: number; failsAt?: number; method?: string }) {
  const log: string[] = [];
  async function* read() {
    try {
      for (let number = 1; number <= options.pages; number++) {
        if (number === options.failsAt) throw new Error("gone");
        log.push(`read ${number}`);
        yield number;
      }
    } finally {
      log.push("closed");
    }
  }
  async function* write(pages: AsyncIterable<number>) {
    yield "[";
    for await (const page of pages) yield `${page} `;
    yield "]";
  }
  const app = new Hono<ApiEnv>().get("/pages", (c) =>
    answerStreamed(c, { "content-type": "text/x" }, read(), write),
  );
  app.onError((error) => new Response(error.message, { status: 503 }));
  const request = new Request("https://api.example.com/pages", { method: options.method ?? "GET" });
  return { log, answer: Promise.resolve(app.fetch(request, env, createExecutionContext())) };
}

it("writes page after page", async () => {
  const { log, answer } = askPages({ pages: 3 });
  expect(await (await answer).text()).toBe("[1 2 3 ]");
  expect(log).toEqual(["read 1", "read 2", "read 3", "closed"]);
});

it("writes what there is without a page", async () => {
  expect(await (await askPages({ pages: 0 }).answer).text()).toBe("[]");
});

it("reads a page when the one before has been taken, not earlier", async () => {
  const { log, answer } = askPages({ pages: 1_000 });
  const body = (await answer).body as ReadableStream<Uint8Array>;
  expect(log).toEqual(["read 1"]);
  const reader = body.getReader();
  for (let taken = 0; taken < 4; taken++) await reader.read();
  expect(log.length).toBeLessThanOrEqual(4);
  await reader.cancel();
  await vi.waitFor(() => expect(log.at(-1)).toBe("closed"));
  expect(log.length).toBeLessThanOrEqual(5);
});

it("is no answer where the first page cannot be read", async () => {
  const response = await askPages({ pages: 3, failsAt: 1 }).answer;
  expect([response.status, await response.text()]).toEqual([503, "gone"]);
});

it("breaks off where a later page cannot be read, and logs it", async () => {
  const lines = collectLines();
  const response = await askPages({ pages: 3, failsAt: 2 }).answer;
  expect(response.status).toBe(200);
  await expect(response.text()).rejects.toThrow();
  expect(lines).toContainEqual(
    expect.objectContaining({ event: "answer_broken_off", route: "/pages", error: "gone" }),
  );
});

it("reads nothing for HEAD", async () => {
  const { log, answer } = askPages({ pages: 3, method: "HEAD" });
  const response = await answer;
  expect([response.status, response.headers.get("content-type"), await response.text()]).toEqual([
    200,
    "text/x",
    "",
  ]);
  expect(log).toEqual([]);
});
