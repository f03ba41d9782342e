import { durationS, percent } from "../../parts/format.ts";
import { type Column, Table } from "../../parts/table.tsx";
import { Text, Value } from "../../parts/value.tsx";
import { words } from "../../texts/coverage.ts";
import { expectedS, knownShare, type Row } from "./rows.ts";
import { selectRow } from "./selection.ts";
import { gapWords } from "./summary.tsx";

const seconds = (key: string, header: string, get: (row: Row) => number): Column<Row> => ({
  ...{ key, header, align: "end" },
  cell: (row) => durationS(get(row)),
});

const COLUMNS: Column<Row>[] = [
  { key: "vehicle", header: words.grid.vehicle, cell: ({ label }) => <bdi>{label}</bdi> },
  {
    ...{ key: "known", header: words.known, align: "end" },
    cell: (row) => {
      const share = knownShare(row.total);
      if (share === null) return <span class="soft">{words.kinds.nothing}</span>;
      return <Value of={share} as={(ratio) => percent(ratio, 1)} />;
    },
  },
  seconds("expected", words.expected, ({ total }) => expectedS(total)),
  seconds("have", words.have, ({ total }) => total.haveS),
  seconds("recovered", words.recovered, ({ total }) => total.recoveredS),
  seconds("missing", words.missing, ({ total }) => total.missingS),
  {
    ...{ key: "gaps", header: words.summary.gaps, align: "end" },
    cell: ({ gaps }) => gapWords(gaps),
  },
  { key: "city", header: words.filters.city, cell: ({ city }) => <Text of={city} /> },
  { key: "account", header: words.filters.account, cell: ({ account }) => <Text of={account} /> },
];

/** The same as figures, in the order of the grid. */
export function List({
  rows,
  caption,
  selected,
}: {
  rows: readonly Row[];
  caption: string;
  selected: string | null;
}) {
  return (
    <Table
      caption={caption}
      columns={COLUMNS}
      rows={rows}
      rowKey={({ imei }) => imei}
      onRow={({ imei }) => selectRow(imei)}
      selected={selected}
    />
  );
}
