import { cloudflareTest } from "@cloudflare/vitest-plugin";
import {
  defineConfig,
  type TestProjectConfiguration,
  type TestProjectInlineConfiguration,
} from "vitest/config";
import { LongestFirst } from "./test/setup/longest-first.ts";

const IN_WORKERD = "test/{shared,durable-objects,workers}/**/*.test.ts";

/** Files that replace a module, or look at all that an isolate or a bucket holds: each has an isolate of its own. */
const ALONE = ["test/workers/{queue/tally,replay/truth,writer/kept-batches}.test.ts"];

export default defineConfig({
  test: {
    globalSetup: ["test/setup/global.ts"],
    sequence: { sequencer: LongestFirst },
    silent: "passed-only",
    // Alone most take milliseconds. A machine that is busy with others starts processes, and writes, for seconds.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    projects: [
      // Many files in one isolate, as many requests are.
      inWorkerd("runtime", {
        isolate: false,
        setupFiles: ["test/setup/in-workerd.ts"],
        sequence: { groupOrder: 2 },
        // With a TimescaleDB behind TIMESCALE_URL all tests use that, and there are some for what only it has.
        include: [IN_WORKERD, ...(process.env.TIMESCALE_URL ? ["test/timescale/*.test.ts"] : [])],
        exclude: ALONE,
      }),
      inWorkerd("alone", { sequence: { groupOrder: 2 }, include: ALONE }),
      {
        // From outside, in Node: the built Worker, real processes, a database per file.
        extends: true,
        // Parts of the Worker that need nothing of the platform run here too, with their statements as they are written.
        resolve: { alias: { "#sql": import.meta.dirname } },
        plugins: [
          {
            name: "sql",
            transform: (code, id) => (id.endsWith(".sql") ? `export default ${JSON.stringify(code)}` : null),
          },
        ],
        test: {
          name: "outside",
          isolate: false,
          // Half of the time is spent waiting for the vendor's pace and the queue, half computing. Each more loads everything once more.
          maxWorkers: 8,
          sequence: { groupOrder: 1 },
          include: ["test/{e2e,migrations,scripts,simulator,web}/**/*.test.ts"],
          // What is polled for comes through a queue.
          expect: { poll: { timeout: 10_000 } },
        },
      },
    ],
  },
});

/** Tests inside workerd: one shared database, each test uses devices and accounts of its own. */
function inWorkerd(
  name: string,
  test: NonNullable<TestProjectInlineConfiguration["test"]>,
): TestProjectConfiguration {
  return {
    extends: true,
    // The statements as they are written; the built Worker has them without comments.
    resolve: { alias: { "#sql": import.meta.dirname } },
    plugins: [
      cloudflareTest(({ inject }) => ({
        wrangler: { configPath: "./wrangler.toml" },
        miniflare: {
          hyperdrives: {
            DB_INGEST: inject("database").ingest,
            DB_READ: inject("database").read,
            DB_ANALYST: inject("database").analyst,
          },
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
      name,
      // These compute.
      maxWorkers: 5,
      ...test,
    },
  };
}
