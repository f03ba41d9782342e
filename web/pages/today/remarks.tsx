import { Badge } from "../../parts/badge.tsx";
import { Answered } from "../../parts/states.tsx";
import { dateTime, day as dayWords } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { words } from "../../texts/today.ts";
import type { Insight } from "./insights.ts";

const MOST = 50;

type Remark = NonNullable<Insight["remark"]>;

const TONES = { confirmed: "bad", explained: "ok", wrong: "muted" } as const;

/** What was said of an insight, the newest first; all of it is kept. */
export function Remarks({ insight: { id, remark } }: { insight: Insight }) {
  // A newer remark asks anew.
  const said = useAnswer(`remarks ${id} ${remark?.id ?? ""}`, (signal) =>
    ask("InsightRemarks", "/v1/insights/context", { insight: id, limit: MOST }, { signal }),
  );
  const isOfLike = remark !== null && remark.insightId !== id;
  return (
    <Answered of={said}>
      {({ remarks, next }: Answers["InsightRemarks"]) => (
        <ul class="today-remarks">
          {isOfLike && (
            <li>
              <OneRemark remark={remark} note={words.remarks.ofLike} />
            </li>
          )}
          {remarks.map((one) => (
            <li key={one.id}>
              <OneRemark remark={one} note={one.counts ? null : words.remarks.older} />
            </li>
          ))}
          {remarks.length === 0 && !isOfLike && <li class="soft small">{words.remarks.none}</li>}
          {next !== null && <li class="soft small">{words.remarks.more}</li>}
        </ul>
      )}
    </Answered>
  );
}

/** One remark: what was said, by which key, when. */
export function OneRemark({ remark, note = null }: { remark: Remark; note?: string | null }) {
  const { verdict, until, by, at } = remark;
  const about = [
    words.remarks.by(by.slice(0, 8), dateTime(at)),
    until !== null && words.remarks.until(dayWords(until)),
    note,
  ];
  return (
    <div class="today-remark">
      <Badge tone={TONES[verdict] ?? "muted"}>{words.remarks.verdict[verdict] ?? verdict}</Badge>
      <p class="today-note">{remark.note}</p>
      <p class="soft small" title={by}>
        {about.filter(Boolean).join(" · ")}
      </p>
    </div>
  );
}
