import { type ParseArgsConfig, parseArgs } from "node:util";
import postgres from "postgres";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<Own extends Options> = ReturnType<typeof parseArgs<{ options: Own }>>["values"];

/** Where a command writes lines: a terminal, or a test. */
export interface Output {
  log(text: string): void;
  error(text: string): void;
}

/** How a command was called. */
export interface Call<Own extends Options> extends Output {
  /** A direct connection, not through a pooler. */
  sql: postgres.Sql;
  words: string[];
  values: Values<Own>;
}

/** A command that works on the database of DATABASE_URL. */
export interface DatabaseCommand<Own extends Options = Options> {
  help: string;
  options: Own;
  /** Whether to show what the server remarks. */
  showsNotices?: boolean;
  /** Whether a call may have these words. */
  takes(words: string[]): boolean;
  /** @returns the exit code; what it throws is shown, and is a 1 */
  run(call: Call<Own>): Promise<number>;
}

/** Infers the options of a command. */
export const databaseCommand = <const Own extends Options>(command: DatabaseCommand<Own>) => command;

/** @returns the exit code: 0 done, 1 refused or failed, 2 not understood */
export async function runCommand<Own extends Options>(
  { help, options, showsNotices, takes, run }: DatabaseCommand<Own>,
  args: string[],
  databaseUrl: string | undefined,
  output: Output,
): Promise<number> {
  const helpOption = { help: { type: "boolean", default: false } } as const;
  let parsed: { values: Values<Own> & { help?: boolean }; positionals: string[] };
  try {
    const config = { args, allowPositionals: true, options: { ...options, ...helpOption } };
    parsed = parseArgs(config) as unknown as typeof parsed;
  } catch (error) {
    output.error((error as Error).message);
    return 2;
  }
  const { values, positionals: words } = parsed;
  if (values.help || !takes(words)) {
    output.log(help);
    return values.help ? 0 : 2;
  }
  if (!databaseUrl) {
    output.error("Set DATABASE_URL to a direct connection as tracksolid_owner.");
    return 2;
  }
  const onnotice = ({ message = "" }: postgres.Notice) => showsNotices && output.log(message);
  const sql = postgres(databaseUrl, { max: 1, onnotice });
  try {
    return await run({ ...output, sql, words, values });
  } catch (error) {
    output.error((error as Error).message);
    return 1;
  } finally {
    await sql.end();
  }
}

/** Runs a command as the process. */
export async function runFromTerminal<Own extends Options>(command: DatabaseCommand<Own>): Promise<void> {
  const { log, error } = console;
  process.exitCode = await runCommand(command, process.argv.slice(2), process.env.DATABASE_URL, {
    log,
    error,
  });
}
