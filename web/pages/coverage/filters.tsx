import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Segmented } from "../../parts/segmented.tsx";
import { useAnswer } from "../../shell/answer.ts";
import { ask } from "../../shell/api.ts";
import { words } from "../../texts/coverage.ts";
import { clearFilters, SHOWS, SORTS, setShown, type View } from "./view.ts";

const filters = words.filters;
const SHOW_OPTIONS = SHOWS.map((value) => ({ value, label: filters.shows[value] }));

/** Which vehicles, in which order. */
export function Filters({ view: { text, show, sort, account, city } }: { view: View }) {
  const [isOpen, setOpen] = useState(false);
  const { data } = useAnswer("coverage filters", (signal) =>
    ask("MapFilters", "/v1/filters", {}, { signal }),
  );
  const set = [text, account, city, show === "all" ? null : show].filter(Boolean).length;
  return (
    <section class="coverage-filters" aria-label={filters.name}>
      <input
        type="search"
        class="input"
        aria-label={filters.search}
        placeholder={filters.searchHint}
        value={text}
        onInput={(event) => setShown({ q: event.currentTarget.value })}
      />
      <button type="button" class="button phone-only" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {filters.name}
        {set > 0 && ` · ${set}`}
      </button>
      <div class={isOpen ? "coverage-more is-open" : "coverage-more"}>
        <Segmented
          label={filters.show}
          options={SHOW_OPTIONS}
          value={show}
          onChange={(next) => setShown({ show: next === "all" ? null : next })}
        />
        <Choice
          label={filters.account}
          value={account ?? ""}
          onChange={(next) => setShown({ account: next || null })}
        >
          <Options all={filters.allAccounts} chosen={account} of={data?.accounts} />
        </Choice>
        <Choice label={filters.city} value={city ?? ""} onChange={(next) => setShown({ city: next || null })}>
          <Options all={filters.allCities} chosen={city} of={data?.cities} />
        </Choice>
        <Choice
          label={filters.sort}
          value={sort}
          onChange={(next) => setShown({ sort: next === "worst" ? null : next })}
        >
          {SORTS.map((value) => (
            <option key={value} value={value}>
              {filters.sorts[value]}
            </option>
          ))}
        </Choice>
        {set > 0 && (
          <button type="button" class="button plain" onClick={clearFilters}>
            {filters.clear}
          </button>
        )}
      </div>
    </section>
  );
}

function Choice({
  label,
  value,
  onChange,
  children,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ComponentChildren;
}) {
  return (
    <select
      class="input"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      {children}
    </select>
  );
}

function Options({
  all,
  chosen,
  of = [],
}: {
  all: string;
  chosen: string | null;
  of: readonly { value: string }[] | undefined;
}) {
  // A comma parts the values of a filter, so that none with one in it can be asked for.
  const known = of.map(({ value }) => value).filter((value) => !value.includes(","));
  const listed = chosen === null || known.includes(chosen) ? known : [chosen, ...known];
  return (
    <>
      <option value="">{all}</option>
      {listed.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </>
  );
}
