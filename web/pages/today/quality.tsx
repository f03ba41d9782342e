import { useState } from "preact/hooks";
import { Bars } from "../../charts/bars.tsx";
import { count, percent } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { dayRange } from "../../parts/time.ts";
import { Value } from "../../parts/value.tsx";
import type { Answer } from "../../shell/answer.ts";
import type { Answers } from "../../shell/api.ts";
import { words } from "../../texts/today.ts";

type Evaluation = Answers["InsightEvaluation"];
type Kind = Evaluation["kinds"][number];

const { quality: w } = words;

const counted = (
  key: "told" | "withdrawn" | "confirmed" | "explained" | "wrong" | "unremarked",
): Column<Kind> => ({
  key,
  header: w.columns[key],
  cell: (row) => count(row[key]),
  sortBy: (row) => row[key],
  align: "end",
});

const nameOf = (kind: string): string => words.kinds[kind] ?? kind.replaceAll("_", " ");

const COLUMNS: readonly Column<Kind>[] = [
  {
    key: "kind",
    header: w.columns.kind,
    cell: ({ kind, meaning }) => <span title={meaning}>{nameOf(kind)}</span>,
    sortBy: ({ kind }) => nameOf(kind),
  },
  ...(["told", "confirmed", "explained", "wrong", "unremarked", "withdrawn"] as const).map(counted),
  {
    key: "share",
    header: w.columns.share,
    cell: ({ shareRight }) => <Value of={shareRight} as={percent} />,
    sortBy: ({ shareRight }) => shareRight,
    align: "end",
  },
];

/** How good insights are, by what people said of those of the weeks before. */
export function Quality({ of: quality }: { of: Answer<Evaluation> }) {
  const [sort, setSort] = useState("-told");
  return (
    <footer class="card today-quality">
      <h2>{w.title}</h2>
      <Answered of={quality} minHeightPx={72}>
        {(data) => (
          <>
            <p class="soft small">{inShort(data)}</p>
            <details>
              <summary>{w.byKind}</summary>
              <Bars
                label={w.share}
                bars={data.kinds
                  .filter(({ told }) => told > 0)
                  .map(({ kind, shareRight }) => ({
                    key: kind,
                    label: nameOf(kind),
                    value: shareRight,
                  }))}
                as={(value) => percent(value)}
                most={1}
              />
              <Table
                caption={w.table}
                columns={COLUMNS}
                rows={data.kinds}
                rowKey={({ kind }) => kind}
                sort={sort}
                onSort={setSort}
              />
            </details>
          </>
        )}
      </Answered>
    </footer>
  );
}

function inShort({ from, to, kinds }: Evaluation): string {
  const sum = (key: "told" | "confirmed" | "wrong" | "unremarked") =>
    kinds.reduce((all, kind) => all + kind[key], 0);
  const judged = sum("confirmed") + sum("wrong");
  const short = w.short(count(sum("told")), dayRange(from, to), count(sum("told") - sum("unremarked")));
  return `${short} ${judged === 0 ? w.noneJudged : w.right(percent(sum("confirmed") / judged))}`;
}
