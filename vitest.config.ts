import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/setup/global.ts"],
    silent: "passed-only",
    projects: [
      {
        // Inside workerd, one shared database: each test uses devices and accounts of its own.
        extends: true,
        // The statements as they are written; the built Worker has them without comments.
        resolve: { alias: { "#sql": import.meta.dirname } },
        plugins: [
          cloudflareTest(({ inject }) => ({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              hyperdrives: { DB_INGEST: inject("database").ingest, DB_READ: inject("database").read },
              // Rows are put into tables behind the live map's back: it compares before every answer.
              bindings: {
                ...inject("vendor"),
                OPEN_READS: "",
                PUSH_TOKENS: "test-push-token-0001",
                LIVE_RECONCILE_EVERY_S: "0",
                GEOCODER_URL: inject("nominatimUrl"),
                GEOCODER_EMAIL: "tests@example.com",
              },
            },
          })),
        ],
        test: {
          name: "runtime",
          // These compute.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          // With a TimescaleDB behind TIMESCALE_URL all tests use that, and there are some for what only it has.
          include: [
            "test/{shared,durable-objects,workers}/**/*.test.ts",
            ...(process.env.TIMESCALE_URL ? ["test/timescale/*.test.ts"] : []),
          ],
          // Alone most take milliseconds; on two busy cores some write for seconds.
          testTimeout: 60_000,
        },
      },
      {
        // From outside, in Node: the built Worker, real processes, a database per file.
        extends: true,
        test: {
          name: "outside",
          isolate: false,
          // Half of the time is spent waiting for the vendor's pace and the queue, half computing.
          maxWorkers: 6,
          sequence: { groupOrder: 1 },
          include: ["test/{e2e,migrations,scripts,simulator,web}/**/*.test.ts"],
          // What is polled for comes through a queue.
          expect: { poll: { timeout: 10_000 } },
          // A machine that is busy with others starts processes in seconds.
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
