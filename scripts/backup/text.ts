/** So that Postgres writes a value alike wherever and by whomever it is asked. For the connections of postgres.js. */
export const TEXT_SETTINGS = {
  client_encoding: "UTF8",
  timezone: "UTC",
  datestyle: "ISO, YMD",
  intervalstyle: "postgres",
  extra_float_digits: "1",
  bytea_output: "hex",
  lc_monetary: "C",
  xmloption: "content",
  // Names within values have their schema then.
  search_path: "pg_catalog",
} as const;
