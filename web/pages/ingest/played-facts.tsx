import { Badge, type Tone } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { whyOf } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { dateTime } from "../../parts/time.ts";
import { ingest } from "../../texts/ingest.ts";
import type { Played } from "./playing.ts";
import { visible } from "./raw.tsx";

const words = ingest.replay;

const TONES: Record<Played["is"], Tone> = { going: "info", stopped: "warn", done: "ok", failed: "bad" };

/** How far a replay is, and what it did or would do. */
export function PlayedFacts({ of: played }: { of: Played }) {
  const { is, isDry, error, messages, items, reachedAt, tables, skipped } = played;
  const state = {
    going: isDry ? words.counting : words.writing,
    stopped: words.stopped,
    done: isDry ? words.counted : words.wrote,
    failed: words.failed,
  }[is];
  return (
    <div class="stack">
      <p class="row" role="status">
        <Badge tone={TONES[is]}>{state}</Badge>
        <span class="figures">
          {words.progress(count(messages), count(items))}
          {reachedAt && ` ${words.reached(dateTime(reachedAt))}`}
        </span>
      </p>
      {error && (
        <p class="wrong" role="alert">
          {whyOf(error)}
        </p>
      )}
      {is === "done" && messages === 0 && <p>{words.nothing}</p>}
      {tables.length > 0 && (
        <Table
          caption={isDry ? words.wouldBe : words.became}
          showCaption
          columns={COLUMNS}
          rows={tables}
          rowKey={({ table }) => table}
          maxHeight="none"
        />
      )}
      {skipped.length > 0 && (
        <details>
          <summary>{words.skipped(skipped.length)}</summary>
          <ul class="entries">
            {skipped.map(({ key, reason, messages }) => (
              <li key={`${key} ${reason}`}>
                <code>{visible(key)}</code>: {reason},{" "}
                {messages === null ? words.skippedWhole : words.skippedSome(count(messages))}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

const COLUMNS: Column<Played["tables"][number]>[] = [
  { key: "table", header: words.table, cell: ({ table }) => table },
  { key: "inserted", header: words.inserted, align: "end", cell: ({ inserted }) => count(inserted) },
  { key: "changed", header: words.changed, align: "end", cell: ({ changed }) => count(changed) },
  { key: "unchanged", header: words.unchanged, align: "end", cell: ({ unchanged }) => count(unchanged) },
];
