import { type ParseArgsConfig, parseArgs } from "node:util";
import postgres from "postgres";
import { type Progress, silentProgress, terminalProgress } from "./progress.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<Own extends Options> = ReturnType<
  typeof parseArgs<{ options: Own & typeof EVERYWHERE }>
>["values"];

/** What every command understands. */
const EVERYWHERE = {
  help: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

const JSON_HELP = `--json  what was found or done as JSON on standard output, for programs; words for people go to standard error. With
        npm run -s, or npm's own words come first.`;

/** SQLSTATE where a server, a database or a role has all the connections it may. */
export const NO_CONNECTION_LEFT = "53300";

/** A connection that broke while it was asked something never ends by itself. */
export const END_PATIENCE_S = 2;

/** Where a command runs: a terminal, or a test. */
export interface Terminal extends Pick<Console, "log" | "error" | "table"> {
  environment: Record<string, string | undefined>;
  /** Without, nobody looks how far long work is. */
  progress?: Progress;
}

/** How a command was called. With `--json`, `log` goes to the error output and tables are left out. */
export interface Call<Own extends Options = Options> extends Required<Terminal> {
  words: string[];
  values: Values<Own>;
  /** Says for programs what was found or done: with `--json` a line of JSON, else nothing. */
  result(value: unknown): void;
}

/** A command, as `npm run` starts it. */
export interface Command<Own extends Options = Options> {
  help: string;
  options: Own;
  /** Whether a call may have these words. */
  takes(words: string[]): boolean;
  /** @returns the exit code; what it throws is shown, and is a 1 */
  run(call: Call<Own>): Promise<number>;
}

/** The call of a command that works on a database. */
export interface DatabaseCall<Own extends Options = Options> extends Call<Own> {
  /** A direct connection, not through a pooler. */
  sql: postgres.Sql;
}

interface DatabaseCommand<Own extends Options> extends Omit<Command<Own>, "run"> {
  /** Whether to show what the server remarks. */
  showsNotices?: boolean;
  run(call: DatabaseCall<Own>): Promise<number>;
}

/** A command that works on the database of DATABASE_URL, and is a 2 without one. */
export function databaseCommand<const Own extends Options>({
  showsNotices = false,
  run,
  ...command
}: DatabaseCommand<Own>): Command<Own> {
  return {
    ...command,
    async run(call) {
      const url = call.environment.DATABASE_URL;
      if (!url) {
        call.error("Set DATABASE_URL to a direct connection, not through a pooler: --help says as whom.");
        return 2;
      }
      const onnotice = ({ message }: postgres.Notice) => showsNotices && call.log(message);
      // Locks and settings belong to the connection: it is not replaced while the command runs.
      const sql = postgres(url, { max: 1, max_lifetime: null, onnotice });
      try {
        return await run({ ...call, sql });
      } finally {
        await sql.end({ timeout: END_PATIENCE_S });
      }
    },
  };
}

/** @returns the exit code: 0 done, 1 refused or failed, 2 not understood */
export async function runCommand<Own extends Options>(
  { help, options, takes, run }: Command<Own>,
  args: string[],
  terminal: Terminal,
): Promise<number> {
  let parsed: { values: Values<Own> & { help?: boolean; json?: boolean }; positionals: string[] };
  try {
    const config = { args, allowPositionals: true, options: { ...options, ...EVERYWHERE } };
    parsed = parseArgs(config) as unknown as typeof parsed;
  } catch (error) {
    return notUnderstood(terminal, help, (error as Error).message, args.includes("--json"));
  }
  const { values, positionals: words } = parsed;
  if (values.help) {
    terminal.log(`${help}\n\n${JSON_HELP}`);
    return 0;
  }
  if (!takes(words)) {
    const said = words.length === 0 ? "It wants to be told more." : `Not understood: ${words.join(" ")}`;
    return notUnderstood(terminal, help, said, values.json);
  }
  const call = values.json ? forPrograms(terminal) : { ...terminal, result() {}, end() {} };
  let code = 1;
  try {
    code = await run({ progress: silentProgress, ...call, words, values });
  } catch (error) {
    call.error(reasonOf(error));
  }
  if (code !== 0) call.end();
  return code;
}

/** What is wrong stands last, where it is seen. */
function notUnderstood({ log, error }: Terminal, help: string, said: string, json?: boolean): number {
  error(`${help}\n\n${JSON_HELP}\n\n${said}`);
  if (json) log(JSON.stringify({ error: said }));
  return 2;
}

/** Nothing but JSON on the standard output: what was found or done, or, where that was not told in the end, what went wrong. */
function forPrograms(terminal: Terminal): Terminal & Pick<Call, "result"> & { end(): void } {
  const errors: string[] = [];
  let isTold = false;
  const result = (value: unknown) => {
    isTold = true;
    terminal.log(JSON.stringify(value));
  };
  return {
    ...terminal,
    result,
    log: terminal.error,
    error(line: string) {
      errors.push(line);
      terminal.error(line);
    },
    table() {},
    end() {
      if (!isTold) result({ error: errors.join("\n") });
    },
  };
}

/** What an error says. Where no address of a host answers, the error is one of all of them and says nothing itself. */
export function reasonOf(error: unknown): string {
  const { message, code } = error as Error & { code?: string };
  if (code === NO_CONNECTION_LEFT) return noConnectionLeft(message);
  return message || code || String(error);
}

function noConnectionLeft(message: string): string {
  const whose = /^too many connections for (role|database)/.exec(message)?.[1];
  return whose
    ? `The ${whose} has all the connections it may have (${message}). npm run db:budget, as a superuser, says who holds them.`
    : `The server has no connection left (${message}). End a client, or connect as a superuser, for whom a few are reserved: npm run db:budget says who holds them.`;
}

/** Runs a command as the process. */
export async function runFromTerminal<Own extends Options>(command: Command<Own>): Promise<void> {
  const { log, error, table } = console;
  const terminal = { log, error, table, environment: process.env, progress: terminalProgress };
  process.exitCode = await runCommand(command, process.argv.slice(2), terminal);
}
