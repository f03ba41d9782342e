import { useId, useState } from "preact/hooks";
import { count } from "../../parts/format.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { useFigures } from "./answers.ts";
import { clearFilters, type Filter, setFilter, type View } from "./view.ts";

type Choices = readonly { value: string; vehicles: number }[];

const LISTS = {
  account: "accounts",
  city: "cities",
  segment: "segments",
  vehicle_type: "vehicleTypes",
} as const;

/** Which vehicles and drivers the figures are of. On a phone they open. */
export function FleetFilters({ view: { filters, period } }: { view: View }) {
  const [isOpen, setOpen] = useState(false);
  const { from, to } = period;
  const { data, error } = useFigures("AnalyticsFilters", "/v1/analytics/filters", { from, to });
  const set = Object.keys(filters).length;
  return (
    <section class="fleet-filters" aria-label={t.filters.name}>
      <button type="button" class="button phone-only" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        {t.filters.set(set)}
      </button>
      <div class={isOpen ? "fleet-filter-fields is-open" : "fleet-filter-fields"}>
        {(["account", "city", "segment", "vehicle_type"] as const).map((name) => (
          <Choice key={name} name={name} chosen={filters[name]} choices={data?.[LISTS[name]] ?? []} />
        ))}
        <DriverField chosen={filters.driver} choices={data?.drivers ?? []} />
        {set > 0 && (
          <button type="button" class="button plain" onClick={clearFilters}>
            {t.filters.clear}
          </button>
        )}
        {error && data === null && (
          <p class="wrong small" role="status">
            {t.filters.failed}
          </p>
        )}
      </div>
    </section>
  );
}

function Choice({ name, chosen, choices }: { name: Filter; chosen: string | undefined; choices: Choices }) {
  // A link may name several, or one that this period does not have.
  const known = choosable(choices);
  const isListed = chosen === undefined || known.some(({ value }) => value === chosen);
  return (
    <label class="fleet-filter">
      <span class="small soft">{t.filters[name]}</span>
      <select
        class="input"
        value={chosen ?? ""}
        onChange={(event) => setFilter(name, event.currentTarget.value || null)}
      >
        <option value="">{t.filters.all}</option>
        {!isListed && <option value={chosen}>{chosen.replaceAll(",", ", ")}</option>}
        {known.map(({ value, vehicles }) => (
          <option key={value} value={value}>
            {t.filters.option(value, count(vehicles))}
          </option>
        ))}
      </select>
    </label>
  );
}

/** There are too many drivers for a list: it is typed, and what it may be is offered. */
function DriverField({ chosen, choices }: { chosen: string | undefined; choices: Choices }) {
  const id = useId();
  return (
    <label class="fleet-filter">
      <span class="small soft">{t.filters.driver}</span>
      <input
        type="search"
        class="input"
        list={id}
        autocomplete="off"
        placeholder={t.filters.anyDriver}
        value={chosen ?? ""}
        onChange={(event) => setFilter("driver", event.currentTarget.value.trim() || null)}
      />
      <datalist id={id}>
        {choosable(choices).map(({ value }) => (
          <option key={value} value={value} />
        ))}
      </datalist>
    </label>
  );
}

/** A comma parts the values of a filter, so that none with one in it can be asked for. */
const choosable = (choices: Choices) => choices.filter(({ value }) => !value.includes(","));
