import { DownloadButton } from "../../parts/download.tsx";
import { count } from "../../parts/format.ts";
import { Segmented } from "../../parts/segmented.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import type { Query } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";

/** A table of the page: its file, by what its rows are, and whether there are more. */
export function FigureTable<R, G extends string>({
  name,
  columns,
  rows,
  rowKey,
  sort,
  onSort,
  onRow,
  isCut,
  file,
  by,
}: {
  name: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  rowKey: (row: R) => string;
  sort: string;
  onSort: (sort: string) => void;
  onRow?: ((row: R) => void) | undefined;
  isCut: boolean;
  file: { path: string; query: Query; name: string };
  by?: { groups: readonly G[]; value: G; words: Readonly<Record<G, string>>; onChange: (group: G) => void };
}) {
  return (
    <section class="card fleet-table" aria-label={t.table.title}>
      <header class="fleet-table-head">
        {by && (
          <Segmented
            label={t.groups.name}
            showLabel
            options={by.groups.map((value) => ({ value, label: by.words[value] }))}
            value={by.value}
            onChange={by.onChange}
          />
        )}
        <DownloadButton path={file.path} query={{ ...file.query, format: "csv" }} fileName={file.name} />
      </header>
      {isCut && (
        <p class="small" role="status">
          {t.table.cut(count(rows.length))}
        </p>
      )}
      {onRow && <p class="small soft">{t.table.into}</p>}
      <Table
        caption={name}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        sort={sort}
        onSort={onSort}
        {...(onRow && { onRow })}
      />
    </section>
  );
}

/** The sort that the URL names, where the table has such a column; else the table's own. */
export function sortOf<R>(asked: string | null, columns: readonly Column<R>[], own: string): string {
  const key = asked?.replace(/^-/, "");
  return asked !== null && columns.some((column) => column.key === key && column.sortBy) ? asked : own;
}

/** The name of a file: what it is of, and of which days. */
export const fileName = (what: string, { from, to }: { from: string; to: string }) =>
  `${what}-${from === to ? from : `${from}-${to}`}.csv`;
