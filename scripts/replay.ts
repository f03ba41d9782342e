import { API_HELP, apiOptions, openApi } from "./api/open.ts";
import { type Command, runFromTerminal } from "./command.ts";
import type { Bar } from "./progress.ts";
import { askPiece } from "./replay/ask.ts";
import { readSpan, type Span } from "./replay/span.ts";
import { addPiece, noTotals, show, type Totals } from "./replay/totals.ts";

const options = {
  from: { type: "string" },
  to: { type: "string" },
  kind: { type: "string", multiple: true, default: [] as string[] },
  ...apiOptions,
  apply: { type: "boolean", default: false },
} as const;

export const replayCommand: Command<typeof options> = {
  help: `Reads what was received in a span of time with today's parser, and writes it again.

  npm run replay -- --from 2026-01-15 --to 2026-01-16                   what it would change
  npm run replay -- --from 2026-01-15T06:00+03:00 --to 2026-01-15T09:00+03:00 --env production --apply

  --from, --to               a day (from 00:00 UTC) or a time with its zone; --to is the first instant left out
  --kind KIND                messages of this kind alone (location, device, pushgps …); may be given several times
${API_HELP}
  --apply                    write; without, count what would change, as if each piece were the only one

What other messages, received after --to, said of the same fix is taken back with it until they are played too: let
the span reach an hour or two past the last bad message. See docs/runbook.md, "Playing a day again".`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, log, table, progress, result }) {
    const span = readSpan(values.from, values.to, values.kind);
    const dryRun = !values.apply;
    const api = await openApi(values, "npm run replay");
    const totals = noTotals();
    const bar = progress("messages");
    try {
      await play(api, span, dryRun, totals, bar);
    } finally {
      bar[Symbol.dispose]();
      await api.close();
    }
    show(totals, dryRun, { log, table });
    result({ applied: values.apply, ...span, ...totals });
    return 0;
  },
};

/** Plays piece after piece. @throws with where to go on */
async function play(
  { url, key }: { url: string; key: string },
  span: Span,
  dryRun: boolean,
  totals: Totals,
  bar: Bar,
): Promise<void> {
  let cursor: string | null = null;
  let reachedAt = span.from;
  try {
    do {
      const body = { ...span, dryRun, ...(cursor !== null && { cursor }) };
      const piece = await askPiece(url, key, body, cursor === null);
      addPiece(totals, piece);
      bar.add(piece.messages);
      reachedAt = piece.reachedAt ?? reachedAt;
      cursor = piece.cursor;
    } while (cursor !== null);
  } catch (error) {
    if (totals.messages === 0) throw error;
    const done = `${totals.messages} messages are played; go on with --from ${reachedAt}.`;
    throw new Error(`${(error as Error).message}\n${done}`);
  }
}

if (import.meta.main) await runFromTerminal(replayCommand);
