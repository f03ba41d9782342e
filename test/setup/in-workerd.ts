import { reset } from "cloudflare:test";
import { afterAll, vi } from "vitest";
import { leaveDatabase } from "./worker-database.ts";

/** A file leaves to the next, in the same isolate, what it found: no mocks, the real clock, nothing stored. */
afterAll(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  leaveDatabase();
  await reset();
});
