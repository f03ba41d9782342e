import type { ComponentChildren } from "preact";
import { ActionButton } from "../../parts/action.tsx";
import { Badge } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { PageHead } from "../../parts/page-head.tsx";
import { DayPicker } from "../../parts/period.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { Answered, Empty } from "../../parts/states.tsx";
import { dateTime, day as dayWords } from "../../parts/time.ts";
import { may } from "../../shell/session.ts";
import { useTitle } from "../../shell/title.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/today.ts";
import { InsightCard } from "./card.tsx";
import { type Daily, useDaily, useKnown, useQuality } from "./insights.ts";
import { Known } from "./known.tsx";
import { Quality } from "./quality.tsx";
import "./today.css";
import { chooseDay, chooseSeverity, SEVERITIES, severity, shownDay } from "./view.ts";

/** What of a day deserves attention, for managers. */
export default function TodayPage() {
  const day = shownDay.value;
  const only = severity.value;
  const daily = useDaily(day, only);
  const known = useKnown(day);
  const quality = useQuality(day);
  useTitle(dayWords(day));
  const lookAgain = () => {
    daily.reload();
    quality.reload();
  };
  return (
    <div class="page today">
      <PageHead title={t.pages.today.title} hint={words.hint}>
        <DayPicker value={day} onChange={chooseDay} />
      </PageHead>
      <section class="today-summary" aria-label={words.summary}>
        <div class="today-day">
          <h2>{dayWords(day)}</h2>
          {!daily.isOld && daily.data?.preliminary && <Badge tone="warn">{words.preliminary}</Badge>}
          {!daily.isOld && daily.data && (
            <span class="soft small figures">{words.asOf(dateTime(daily.data.asOf))}</span>
          )}
        </div>
        <Known of={known} />
        <div class="row">
          <Segmented
            label={words.filter}
            options={[
              { value: "all", label: words.all },
              ...SEVERITIES.map((value) => ({ value, label: words.severity[value] })),
            ]}
            value={only ?? "all"}
            onChange={(next) => chooseSeverity(next === "all" ? null : next)}
          />
          {!may(words.say.scope) && (
            <ActionButton
              scope={words.say.scope}
              label={words.say.needs}
              title={words.say.needs}
              explain={null}
              run={async () => null}
            />
          )}
        </div>
      </section>
      <Answered of={daily} minHeightPx={160}>
        {(data) => (
          <Insights data={data} day={day} isFiltered={only !== null} daily={daily} onSaid={lookAgain} />
        )}
      </Answered>
      <Quality of={quality} />
    </div>
  );
}

function Insights({
  data,
  day,
  isFiltered,
  daily,
  onSaid,
}: {
  data: Daily;
  day: string;
  isFiltered: boolean;
  daily: ReturnType<typeof useDaily>;
  onSaid: () => void;
}) {
  const { insights, explained, counts, next } = data;
  const told = counts.high + counts.medium + counts.low;
  return (
    <div class="today-list">
      {told === 0 ? (
        <Nothing isFiltered={isFiltered} isSetAside={counts.explained > 0} />
      ) : (
        <h2>
          {words.deserve(told, count(told))}{" "}
          <span class="soft small figures">
            {words.counts(count(counts.high), count(counts.medium), count(counts.low))}
          </span>
        </h2>
      )}
      {insights.map((insight) => (
        <InsightCard key={insight.id} insight={insight} day={day} onSaid={onSaid} />
      ))}
      {counts.explained > 0 && (
        <h2>
          {words.explained} <span class="soft figures">{count(counts.explained)}</span>
        </h2>
      )}
      {explained.map((insight) => (
        <InsightCard key={insight.id} insight={insight} day={day} isSetAside onSaid={onSaid} />
      ))}
      {next !== null && (
        <p class="row">
          <button type="button" class="button" disabled={daily.isLoading} onClick={daily.loadMore}>
            {daily.isLoading ? words.loadingMore : words.more}
          </button>
          <span class="soft small">{words.moreHint(count(insights.length + explained.length))}</span>
        </p>
      )}
    </div>
  );
}

function Nothing({
  isFiltered,
  isSetAside,
}: {
  isFiltered: boolean;
  isSetAside: boolean;
}): ComponentChildren {
  if (isFiltered) return <Empty title={words.emptyFiltered} />;
  return (
    <div class="card">
      <Empty title={words.emptyTitle} hint={isSetAside ? words.emptySetAside : words.emptyHint} />
    </div>
  );
}
