import { parseArgs } from "node:util";
import { API_HELP, apiOptions, openApi } from "./api/open.ts";
import { askPiece } from "./replay/ask.ts";
import { readSpan, type Span } from "./replay/span.ts";
import { addPiece, noTotals, show, type Totals } from "./replay/totals.ts";

const HELP = `Reads what was received in a span of time with today's parser, and writes it again.

  npm run replay -- --from 2026-01-15 --to 2026-01-16 --dry-run         what it would change
  npm run replay -- --from 2026-01-15T06:00+03:00 --to 2026-01-15T09:00+03:00 --env production

  --from, --to               a day (from 00:00 UTC) or a time with its zone; --to is the first instant left out
  --kind KIND                messages of this kind alone (location, device, pushgps …); may be given several times
  --dry-run                  changes nothing; counts as if each piece were the only one
${API_HELP}
  --json                     for programs

What other messages, received after --to, said of the same fix is taken back with it until they are played too: let
the span reach an hour or two past the last bad message. See docs/runbook.md, "Playing a day again".`;

try {
  process.exitCode = await main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      from: { type: "string" },
      to: { type: "string" },
      kind: { type: "string", multiple: true, default: [] },
      "dry-run": { type: "boolean", default: false },
      ...apiOptions,
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const span = readSpan(values.from, values.to, values.kind);
  const api = await openApi(values, "npm run replay");
  const totals = noTotals();
  try {
    await play(api, span, values["dry-run"], totals);
  } finally {
    await api.close();
  }
  if (values.json) console.log(JSON.stringify({ dryRun: values["dry-run"], ...span, ...totals }));
  else show(totals, values["dry-run"]);
  return 0;
}

/** Plays piece after piece. @throws with where to go on */
async function play(
  { url, key }: { url: string; key: string },
  span: Span,
  dryRun: boolean,
  totals: Totals,
): Promise<void> {
  let cursor: string | null = null;
  let reachedAt = span.from;
  try {
    do {
      const body = { ...span, dryRun, ...(cursor !== null && { cursor }) };
      const piece = await askPiece(url, key, body, cursor === null);
      addPiece(totals, piece);
      reachedAt = piece.reachedAt ?? reachedAt;
      cursor = piece.cursor;
      if (cursor !== null) console.error(`${reachedAt}  ${totals.messages} messages`);
    } while (cursor !== null);
  } catch (error) {
    if (totals.messages === 0) throw error;
    const done = `${totals.messages} messages are played; go on with --from ${reachedAt}.`;
    throw new Error(`${(error as Error).message}\n${done}`);
  }
}
