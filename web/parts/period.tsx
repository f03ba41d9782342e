import { useId, useState } from "preact/hooks";
import { t } from "../texts/en.ts";
import { shared } from "../texts/shared.ts";
import { type Period, PRESETS, type Preset, periodBefore, periodOf } from "./periods.ts";
import { Segmented } from "./segmented.tsx";
import { addDays, dayRange, daysBetween, today } from "./time.ts";

export { type Period, periodBefore, usePeriod } from "./periods.ts";

const NAMES: Record<Preset, string> = {
  today: t.period.today,
  yesterday: t.period.yesterday,
  "7d": t.period.days7,
  "28d": t.period.days28,
  month: t.period.month,
};

/** Chooses a period: by name, or from – to; and whether it is looked at against the one before. */
export function PeriodPicker({
  value,
  onChange,
  compare,
  onCompare,
  presets = PRESETS,
  mostDays = 366,
}: {
  value: Period;
  onChange: (period: Period) => void;
  /** Without `onCompare` it is not offered. */
  compare?: boolean;
  onCompare?: (compare: boolean) => void;
  presets?: readonly Preset[];
  /** The longest that the page can show. */
  mostDays?: number;
}) {
  const own = "own" as const;
  const options = [
    ...presets.map((preset) => ({ value: preset, label: NAMES[preset] })),
    { value: own, label: t.period.own },
  ];
  const choose = (to: Preset | typeof own) =>
    onChange(to === own ? { ...value, preset: null } : periodOf(to));
  return (
    <div class="period">
      <Segmented label={t.period.name} options={options} value={value.preset ?? own} onChange={choose} />
      {value.preset === null && <FromTo value={value} onChange={onChange} mostDays={mostDays} />}
      {onCompare && (
        <label class="check">
          <input
            type="checkbox"
            checked={compare}
            onChange={(event) => onCompare(event.currentTarget.checked)}
          />
          {t.period.compare}
        </label>
      )}
      <p class="soft small figures">
        {dayRange(value.from, value.to)}
        {compare && ` ${t.period.against(rangeOf(periodBefore(value)))}`}
      </p>
    </div>
  );
}

/** Two days. What is in the fields counts as soon as it is a period. */
function FromTo({
  value,
  onChange,
  mostDays,
}: {
  value: Period;
  onChange: (period: Period) => void;
  mostDays: number;
}) {
  const id = useId();
  const [wrong, setWrong] = useState<string | null>(null);
  const change = (part: Partial<Pick<Period, "from" | "to">>) => {
    const next = { ...value, ...part };
    // A field that is being typed in is empty until it is a day.
    if (!next.from || !next.to) return;
    const problem = problemOf(next, mostDays);
    setWrong(problem);
    if (problem === null) onChange(next);
  };
  const field = (name: "from" | "to", label: string) => (
    <label class="inline-field">
      <span>{label}</span>
      <input
        type="date"
        class="input"
        value={value[name]}
        max={today()}
        aria-describedby={wrong ? id : undefined}
        onChange={(event) => change({ [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <div class="row">
      {field("from", t.period.from)}
      {field("to", t.period.to)}
      {wrong && (
        <p id={id} class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}

/** One day, with the days beside it one step away. */
export function DayPicker({ value, onChange }: { value: string; onChange: (day: string) => void }) {
  const now = today();
  return (
    <div class="day-picker">
      <Step path="M12 4 6 10l6 6" label={t.period.earlier} onClick={() => onChange(addDays(value, -1))} />
      <input
        type="date"
        class="input"
        aria-label={shared.charts.day}
        value={value}
        max={now}
        onChange={(event) => {
          const { value: day } = event.currentTarget;
          if (day && day <= now) onChange(day);
        }}
      />
      <Step
        path="M8 4l6 6-6 6"
        label={t.period.later}
        isOff={value >= now}
        onClick={() => onChange(addDays(value, 1))}
      />
    </div>
  );
}

function Step({
  path,
  label,
  isOff = false,
  onClick,
}: {
  path: string;
  label: string;
  isOff?: boolean;
  onClick: () => void;
}) {
  return (
    <button type="button" class="button icon-only" aria-label={label} disabled={isOff} onClick={onClick}>
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
}

const rangeOf = ({ from, to }: Period) => dayRange(from, to);

function problemOf({ from, to }: Period, mostDays: number): string | null {
  if (from > to) return t.period.wrongOrder;
  return daysBetween(from, to) > mostDays ? t.period.tooLong(mostDays) : null;
}
