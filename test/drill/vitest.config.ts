import { defineConfig, mergeConfig } from "vitest/config";
import base from "../../vitest.config.ts";

// The scenarios of `npm test` that have a size, at full size, one after the other, with their figures printed.
process.env.DRILL = "1";

export default mergeConfig(
  base,
  defineConfig({ test: { silent: false, maxWorkers: 1, fileParallelism: false } }),
);
