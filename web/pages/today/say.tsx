import { useId, useState } from "preact/hooks";
import { ActionButton } from "../../parts/action.tsx";
import { Segmented } from "../../parts/segmented.tsx";
import { addDays } from "../../parts/time.ts";
import { type Answers, ApiError, send } from "../../shell/api.ts";
import { words } from "../../texts/today.ts";
import type { Insight } from "./insights.ts";

const MOST_NOTE_CHARS = 2_000;
/** As the API has it. */
const LONGEST_EXPLANATION_DAYS = 366;

export const VERDICTS = ["explained", "wrong", "confirmed"] as const;
type Verdict = (typeof VERDICTS)[number];

const { say: w } = words;

/** Says of an insight that it has an explanation, is wrong, or right. */
export function Say({
  insight: { id },
  day,
  verdict,
  onSaid,
}: {
  insight: Insight;
  day: string;
  verdict: Verdict;
  onSaid: () => void;
}) {
  const noteId = useId();
  const [note, setNote] = useState("");
  const [reach, setReach] = useState<"this" | "until">("this");
  const [until, setUntil] = useState(addDays(day, 7));
  const isUntil = verdict === "explained" && reach === "until";
  const lastDay = addDays(day, LONGEST_EXPLANATION_DAYS);

  async function keep() {
    if (note.trim() === "") throw problem(w.needsNote);
    if (isUntil && (until < day || until > lastDay)) throw problem(w.needsDay);
    await send<Answers["InsightRemark"]>("POST", "/v1/insights/context", {
      ...{ insightId: id, verdict, note },
      ...(isUntil && { until, appliesTo: "subject-and-kind" }),
    });
    return <p>{w.kept[verdict]}</p>;
  }

  return (
    <ActionButton
      scope={w.scope}
      label={w[verdict]}
      title={w.title[verdict]}
      confirm={w.keep}
      run={keep}
      onDone={onSaid}
      explain={
        <div class="stack">
          <p>{w.about[verdict]}</p>
          <div class="today-field">
            <label class="label" for={noteId}>
              {w.note}
            </label>
            <textarea
              id={noteId}
              class="input"
              rows={4}
              maxLength={MOST_NOTE_CHARS}
              aria-describedby={`${noteId}-hint`}
              value={note}
              onInput={(event) => setNote(event.currentTarget.value)}
            />
            <p id={`${noteId}-hint`} class="soft small">
              {w.noteHint}
            </p>
          </div>
          {verdict === "explained" && (
            <Segmented
              label={w.reach}
              showLabel
              options={[
                { value: "this", label: w.reaches.this },
                { value: "until", label: w.reaches.until },
              ]}
              value={reach}
              onChange={setReach}
            />
          )}
          {isUntil && (
            <label class="today-field">
              <span class="label">{w.until}</span>
              <input
                type="date"
                class="input"
                value={until}
                min={day}
                max={lastDay}
                onChange={(event) => setUntil(event.currentTarget.value)}
              />
            </label>
          )}
        </div>
      }
    />
  );
}

const problem = (title: string) => new ApiError({ code: "invalid_request", title, status: 400 });
