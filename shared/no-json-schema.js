/**
 * Stands in the bundle for what @modelcontextprotocol/server runs and brings for Workers: a validator of JSON schemas that come as
 * JSON, 23 KiB (ours are zod's, which check for themselves), and the making of the protocol's own schemas whenever a Worker starts,
 * where most never hear of it: whoever speaks it first has them made. wrangler.toml has the bundle take this; tests in the runtime
 * use the package's own.
 */
export class DefaultJsonSchemaValidator {
  getValidator() {
    throw new Error("No JSON schema is checked here: write it with zod");
  }
}

/** Standard input and output, which nothing here speaks over. */
export const process = undefined;
