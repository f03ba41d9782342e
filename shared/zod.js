/**
 * Zod without the messages of 52 other languages, a quarter of the Worker: esbuild keeps all of a namespace that is handed on as a
 * whole, as @hono/zod-openapi does with `z`. wrangler.toml has the bundle take this for the package "zod"; types and tests use the
 * package itself.
 */
import { config } from "zod/v4/core";
import en from "zod/v4/locales/en.js";
import * as z from "./zod.js";

export {
  clone,
  config,
  flattenError,
  formatError,
  globalRegistry,
  NEVER,
  prettifyError,
  registry,
  TimePrecision,
  toJSONSchema,
  treeifyError,
} from "zod/v4/core";
export * from "../node_modules/zod/v4/classic/checks.js";
export * as coerce from "../node_modules/zod/v4/classic/coerce.js";
export * from "../node_modules/zod/v4/classic/compat.js";
export * from "../node_modules/zod/v4/classic/errors.js";
export * as iso from "../node_modules/zod/v4/classic/iso.js";
export {
  ZodISODate,
  ZodISODateTime,
  ZodISODuration,
  ZodISOTime,
} from "../node_modules/zod/v4/classic/iso.js";
export * from "../node_modules/zod/v4/classic/parse.js";
export * from "../node_modules/zod/v4/classic/schemas.js";
export { z, z as default };

config(en());
