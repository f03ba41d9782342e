import { setTimeout } from "node:timers/promises";
import { nowMs } from "../shared/time.ts";
import { API_HELP, apiOptions, openApi } from "./api/open.ts";
import { type Command, reasonOf, runFromTerminal } from "./command.ts";
import { askStatus } from "./status/ask.ts";
import { screenOf } from "./status/screen.ts";

/** Six requests a minute of each kind: nothing beside what maps ask. */
const WATCH_EVERY_MS = 10_000;

/** What ends a watch. */
const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** To the upper left, with nothing below. */
const CLEAR = "\u001b[H\u001b[2J";

const options = {
  ...apiOptions,
  watch: { type: "boolean", default: false },
} as const;

export const statusCommand: Command<typeof options> = {
  help: `Shows the health of an environment on one screen: database, jobs, books, and what was kept instead of written.

  npm run status -- --env production
  npm run status -- --env production --watch

${API_HELP}
  --watch                    again every ${WATCH_EVERY_MS / 1_000} s, until Ctrl-C; with --json a line each time

Nothing is changed. Lines with a ! are what is wrong. Ends with 0 where nothing is, with 1 where something is or nobody answers.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, log, error, result }) {
    const { watch, json } = values;
    const over = new AbortController();
    const end = () => over.abort();
    // Until the key is taken back.
    for (const signal of ENDS) process.on(signal, end);
    try {
      const api = await openApi(values, "npm run status");
      try {
        let isWell = await show(api);
        while (watch && !over.signal.aborted) {
          await setTimeout(WATCH_EVERY_MS, undefined, over).catch(() => {});
          if (!over.signal.aborted) isWell = await show(api);
        }
        return isWell ? 0 : 1;
      } finally {
        await api.close();
      }
    } finally {
      for (const signal of ENDS) process.off(signal, end);
    }

    /** @returns whether nothing is wrong; while it watches, an API that does not answer is something to watch */
    async function show(api: { url: string; key: string }): Promise<boolean> {
      try {
        const status = await askStatus(api, nowMs(), over.signal);
        const { text, isWell } = screenOf(status);
        result({ isWell, ...status });
        if (!json) log(watch ? CLEAR + text : text);
        return isWell;
      } catch (failure) {
        if (!watch) throw failure;
        if (over.signal.aborted) return false;
        error(reasonOf(failure));
        result({ error: reasonOf(failure) });
        return false;
      }
    }
  },
};

if (import.meta.main) await runFromTerminal(statusCommand);
