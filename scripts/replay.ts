import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openApi } from "./api/open.ts";
import { LOCAL_FOLDER } from "./local/worker.ts";
import { askPiece } from "./replay/ask.ts";
import { readSpan, type Span } from "./replay/span.ts";
import { addPiece, noTotals, show, type Totals } from "./replay/totals.ts";

const root = resolve(import.meta.dirname, "..");

const HELP = `Reads what was received in a span of time with today's parser, and writes it again.

  npm run replay -- --from 2026-01-15 --to 2026-01-16 --dry-run         what it would change
  npm run replay -- --from 2026-01-15T06:00+03:00 --to 2026-01-15T09:00+03:00 --env production

  --from, --to     a day (from 00:00 UTC) or a time with its zone; --to is the first instant left out
  --kind KIND      messages of this kind alone (location, device, pushgps …); may be given several times
  --dry-run        changes nothing; counts as if each piece were the only one
  --env staging|production   a deployed environment; without it, the local stack
  --url URL        where its API is, when not where wrangler.toml says
  --key KEY        a key with the scope admin; without it one is made, and taken back
  --folder DIR     where the local stack keeps its state (${LOCAL_FOLDER})
  --json           for programs

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
      env: { type: "string" },
      url: { type: "string" },
      key: { type: "string" },
      folder: { type: "string", default: resolve(root, LOCAL_FOLDER) },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const span = readSpan(values.from, values.to, values.kind);
  const { env, url, key } = values;
  const api = await openApi(root, { env, url, key, folder: resolve(values.folder) }, "npm run replay");
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
