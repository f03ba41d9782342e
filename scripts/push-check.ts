import { resolve } from "node:path";
import { PUSH_TOKEN } from "../shared/config.ts";
import { nowMs, toIso } from "../shared/time.ts";
import { type Line, marked, wrong } from "./api/line.ts";
import { API_HELP, apiOptions, openApi, readOrigin } from "./api/open.ts";
import { type Command, runFromTerminal } from "./command.ts";
import { pushUrl, readTarget } from "./keys/target.ts";
import { askArrivals, missing, rowsOf } from "./push-check/arrivals.ts";
import { knock } from "./push-check/knock.ts";
import { followReceipt } from "./push-check/recorded.ts";
import { readInstant } from "./replay/span.ts";

const DAY_MS = 24 * 3_600_000;

const root = resolve(import.meta.dirname, "..");

const options = {
  ...apiOptions,
  "push-url": { type: "string" },
  since: { type: "string" },
  wait: { type: "string", default: "60" },
} as const;

export const pushCheckCommand: Command<typeof options> = {
  help: `Proves that the push door is ready before the vendor is given its URL, and says who has pushed.

  read -rs PUSH_TOKEN; export PUSH_TOKEN      one of the environment's PUSH_TOKENS
  npm run push:check -- --env production
  npm run push:check -- --env production --since 2026-01-15T06:00Z

${API_HELP}
  --push-url URL             where its push door is, when not where wrangler.toml says
  --since INSTANT            who has pushed since then, and 1 where an account with vehicles has not; without it the last day is
                             shown, and nobody is missed
  --wait SECONDS             how long a push may take to be recorded (60)

It pushes one position three times, as the vendor does: without a token, with a wrong one, both of which must be refused, and with
PUSH_TOKEN. The position is of a vehicle that is known, and has no place: it goes all the way to the ledger, as a duplicate, and no
row is written of it. A push does not say whose it is: accounts are those of the vehicles that it told of.

Lines with a ! are what is wrong. Ends with 0 where nothing is, with 1 where something is or nobody answers, with 2 without a token.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, environment, log, error, table, result }) {
    const token = environment.PUSH_TOKEN;
    if (token === undefined || !PUSH_TOKEN.test(token)) {
      error(
        "Set PUSH_TOKEN to one of the environment's PUSH_TOKENS: 16 to 200 letters, digits, - or _. read -rs takes it unseen.",
      );
      return 2;
    }
    const { env, url, folder, since, wait } = values;
    const waitS = readSeconds(wait);
    const sinceAt = toIso(since === undefined ? nowMs() - DAY_MS : readInstant("--since", since));
    const named = values["push-url"] ?? (env === undefined ? url : undefined);
    const door = named ?? (await pushUrl(root, readTarget(env, folder)));
    if (door === null) {
      throw new Error(`wrangler.toml names no host of ${env} in PUSH_HOSTS: give it as --push-url.`);
    }
    const origin = readOrigin(door, "a push door");

    const said: Line[] = [];
    const say = (lines: Line[]) => {
      said.push(...lines);
      for (const line of lines) log(marked(line));
      return lines.every(({ isWrong }) => !isWrong);
    };
    const api = await openApi(values, "npm run push:check");
    try {
      const arrivals = await askArrivals(api, sinceAt);
      log(`The push door ${origin}`);
      const imei = arrivals.accounts.find((account) => account.imei !== null)?.imei;
      if (imei == null) {
        say([wrong("no vehicle is known yet to push of: the device sync runs at minute 7 of every hour")]);
        result({ isWell: false, door: origin, lines: said, since: sinceAt, ...arrivals });
        return 1;
      }
      const { lines, receipt } = await knock(origin, token, imei);
      let isWell = say(lines);
      if (receipt !== null) isWell = say([await followReceipt(api, receipt, waitS)]) && isWell;

      const rows = rowsOf(arrivals);
      log(`\nPushed since ${sinceAt}${rows.length === 0 ? ": nothing" : ""}`);
      if (rows.length > 0) table(rows);
      isWell = say(missing(arrivals, since !== undefined)) && isWell;
      result({ isWell, door: origin, lines: said, since: sinceAt, ...arrivals });
      return isWell ? 0 : 1;
    } finally {
      await api.close();
    }
  },
};

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3_600) return seconds;
  throw new Error("--wait is a number of seconds above 0, at most 3600.");
}

if (import.meta.main) await runFromTerminal(pushCheckCommand);
