import { STATUS_ORDER, type Status, StatusMark } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { query, setQuery } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { chosenStatuses, counts, FACETS, type Facet, facetValues, isFiltered, shown } from "./vehicles.ts";
import { select } from "./view.ts";

/** What is looked for, counts that filter, and filters over the registry. */
export function Filters() {
  return (
    <div class="live-filters">
      <label class="unseen" for="search">
        {t.live.search}
      </label>
      <input
        id="search"
        class="input"
        type="search"
        placeholder={t.live.searchHint}
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        value={query.value.q ?? ""}
        onInput={(event) => setQuery({ q: event.currentTarget.value || null })}
        onKeyDown={(event) => {
          const [first] = shown.peek();
          if (event.key === "Enter" && first) select(first.imei);
        }}
      />
      <StatusChips />
      <div class="live-facets">
        {(Object.keys(FACETS) as Facet[]).map((facet) => (
          <FacetSelect key={facet} facet={facet} />
        ))}
      </div>
      <p class="live-found soft small" role="status">
        {isFiltered.value ? t.live.shown(count(shown.value.length)) : t.live.all(count(shown.value.length))}
        {isFiltered.value && (
          <button
            type="button"
            class="button plain"
            onClick={() => setQuery({ q: null, status: null, city: null, account: null, type: null })}
          >
            {t.live.clear}
          </button>
        )}
      </p>
    </div>
  );
}

function StatusChips() {
  function toggle(status: Status) {
    const chosen = chosenStatuses.peek();
    const next = chosen.includes(status) ? chosen.filter((one) => one !== status) : [...chosen, status];
    setQuery({ status: next.length === 0 ? null : next.join(",") });
  }
  return (
    <fieldset class="live-chips">
      <legend class="unseen">{t.live.only}</legend>
      {STATUS_ORDER.map((status) => (
        <button
          key={status}
          type="button"
          data-status={status}
          aria-pressed={chosenStatuses.value.includes(status)}
          onClick={() => toggle(status)}
        >
          <span class="live-chip-count figures">
            <StatusMark of={status} />
            {count(counts.value[status])}
          </span>
          <span>{t.status[status]}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** Nothing to choose: nothing to show. */
function FacetSelect({ facet }: { facet: Facet }) {
  const values = facetValues.value[facet];
  const chosen = query.value[facet] ?? "";
  if (values.length < 2 && chosen === "") return null;
  const isKnown = chosen === "" || values.some(([value]) => value === chosen);
  return (
    <label>
      <span class="unseen">{t.live.facets[facet].name}</span>
      <select
        class="input"
        value={chosen}
        onChange={(event) => setQuery({ [facet]: event.currentTarget.value || null })}
      >
        <option value="">{t.live.facets[facet].all}</option>
        {!isKnown && <option value={chosen}>{chosen}</option>}
        {values.map(([value, many]) => (
          <option key={value} value={value}>
            {`${value} (${count(many)})`}
          </option>
        ))}
      </select>
    </label>
  );
}
