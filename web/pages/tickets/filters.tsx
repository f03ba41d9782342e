import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { count } from "../../parts/format.ts";
import { type Period, PRESETS, periodOf } from "../../parts/periods.ts";
import { Segmented } from "../../parts/segmented.tsx";
import { today } from "../../parts/time.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/tickets.ts";
import type { Choice } from "./choices.ts";
import type { Choices } from "./tickets.ts";
import {
  chooseFilter,
  chooseOpened,
  chooseSort,
  chooseStatus,
  clearFilters,
  filters,
  filtersSet,
  NONE,
  opened,
  SORTS,
  STATUSES,
  sort,
  status,
  VISITS,
} from "./view.ts";

const { filters: f } = words;
const OWN = "own";
const ANY = "any";
const PERIODS: Record<string, string> = {
  today: t.period.today,
  yesterday: t.period.yesterday,
  "7d": t.period.days7,
  "28d": t.period.days28,
  month: t.period.month,
};

/** Which tickets, in which order. All but the search and the status can be folded away. */
export function TicketFilters({ priorities, assignees }: Choices) {
  const [isOpen, setOpen] = useState(false);
  const { visited, priority, assignee, search } = filters.value;
  const set = filtersSet.value;
  return (
    <search class="tickets-filters" aria-label={f.name}>
      <div class="tickets-filter-row">
        <Segmented
          label={f.status}
          options={STATUSES.map((value) => ({ value, label: f.statuses[value] }))}
          value={status.value}
          onChange={chooseStatus}
        />
        <button
          type="button"
          class="button"
          aria-expanded={isOpen}
          aria-controls="ticket-filters"
          onClick={() => setOpen(!isOpen)}
        >
          {f.set(set)}
        </button>
      </div>
      <input
        type="search"
        class="input"
        aria-label={f.search}
        placeholder={f.search}
        value={search}
        onInput={(event) => chooseFilter("q", event.currentTarget.value)}
      />
      <div id="ticket-filters" class="tickets-fields" hidden={!isOpen}>
        <Opened />
        <Field label={f.visited}>
          <select
            class="input"
            value={visited ?? ""}
            onChange={(event) => chooseFilter("visited", event.currentTarget.value)}
          >
            <option value="">{f.all}</option>
            {VISITS.map((one) => (
              <option key={one} value={one}>
                {f.visits[one]}
              </option>
            ))}
          </select>
        </Field>
        <Values name="priority" chosen={priority} choices={priorities} none={f.noPriority} />
        <Values name="assignee" chosen={assignee} choices={assignees} none={f.noAssignee} />
        <Field label={f.sort}>
          <select
            class="input"
            value={sort.value}
            onChange={(event) =>
              chooseSort(SORTS.find((one) => one === event.currentTarget.value) ?? "newest")
            }
          >
            {SORTS.map((one) => (
              <option key={one} value={one}>
                {f.sorts[one]}
              </option>
            ))}
          </select>
        </Field>
        {set > 0 && (
          <button type="button" class="button plain" onClick={clearFilters}>
            {f.clear}
          </button>
        )}
      </div>
    </search>
  );
}

function Values({
  name,
  chosen,
  choices,
  none,
}: {
  name: "priority" | "assignee";
  chosen: string | null;
  choices: readonly Choice[];
  none: string;
}) {
  // A link may name one that none of these tickets has, or write it in capitals.
  const wordOf = ({ value }: Choice) => value ?? NONE;
  const listed = choices.find((choice) => wordOf(choice).toLowerCase() === chosen?.trim().toLowerCase());
  return (
    <Field label={f[name]}>
      <select
        class="input"
        value={listed ? wordOf(listed) : (chosen ?? "")}
        onChange={(event) => chooseFilter(name, event.currentTarget.value)}
      >
        <option value="">{f.all}</option>
        {chosen !== null && !listed && <option value={chosen}>{chosen === NONE ? none : chosen}</option>}
        {choices.map((choice) => (
          <option key={wordOf(choice)} value={wordOf(choice)}>
            {f.option(choice.value ?? none, count(choice.count))}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** When they were opened: whenever, a period by its name, or from one day to another. */
function Opened() {
  const period = opened.value;
  const choose = (word: string) => {
    if (word === ANY) chooseOpened(null);
    else if (word === OWN) chooseOpened({ ...(period ?? periodOf("7d")), preset: null });
    else chooseOpened(periodOf(word));
  };
  const value = period === null ? ANY : (period.preset ?? OWN);
  return (
    <>
      <Field label={f.opened}>
        <select class="input" value={value} onChange={(event) => choose(event.currentTarget.value)}>
          {status.value === "open" && <option value={ANY}>{f.any}</option>}
          {PRESETS.map((one) => (
            <option key={one} value={one}>
              {PERIODS[one]}
            </option>
          ))}
          <option value={OWN}>{t.period.own}</option>
        </select>
      </Field>
      {period?.preset === null && (
        <>
          <DayField label={f.from} name="from" period={period} />
          <DayField label={f.to} name="to" period={period} />
        </>
      )}
    </>
  );
}

/** The other end follows where the period would run backwards. */
function DayField({ label, name, period }: { label: string; name: "from" | "to"; period: Period }) {
  const change = (day: string) => {
    if (!day || day > today()) return;
    const next = { ...period, [name]: day };
    if (next.from > next.to) next[name === "from" ? "to" : "from"] = day;
    chooseOpened(next);
  };
  return (
    <Field label={label}>
      <input
        type="date"
        class="input"
        value={period[name]}
        max={today()}
        onChange={(event) => change(event.currentTarget.value)}
      />
    </Field>
  );
}

const Field = ({ label, children }: { label: string; children: ComponentChildren }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: its control is what it is given.
  <label class="tickets-field">
    <span class="small soft">{label}</span>
    {children}
  </label>
);
