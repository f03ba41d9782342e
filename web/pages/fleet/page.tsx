import "./fleet.css";
import { useLayoutEffect, useRef } from "preact/hooks";
import { PageHead } from "../../parts/page-head.tsx";
import { PeriodPicker } from "../../parts/period.tsx";
import { Failed } from "../../parts/states.tsx";
import { askForKey } from "../../shell/key.ts";
import { may, session } from "../../shell/session.ts";
import { useTitle } from "../../shell/title.ts";
import { t } from "../../texts/en.ts";
import { fleet } from "../../texts/fleet.ts";
import { shared } from "../../texts/shared.ts";
import { Clock } from "./clock.tsx";
import { Distance } from "./distance.tsx";
import { Drivers } from "./drivers.tsx";
import { FleetFilters } from "./filters.tsx";
import { Fuel } from "./fuel.tsx";
import { FleetSummary } from "./summary.tsx";
import { Utilisation } from "./utilisation.tsx";
import { TABS, type Tab, tabHref, useView, type View } from "./view.ts";

const VIEWS: Record<Tab, (props: { view: View }) => preact.JSX.Element> = {
  utilisation: Utilisation,
  distance: Distance,
  drivers: Drivers,
  clock: Clock,
  fuel: Fuel,
};

function Refused() {
  return (
    <div class="page">
      <PageHead title={t.pages.fleet.title} hint={fleet.hint} />
      <Failed
        title={t.states.refused}
        hint={shared.action.needsScope("read")}
        also={
          <button type="button" class="button" onClick={() => askForKey(null)}>
            {t.menu.otherKey}
          </button>
        }
      />
    </div>
  );
}

/** Links, as each is a view of its own; on a phone they scroll, and the one that is shown is in sight. */
function Tabs({ tab }: { tab: Tab }) {
  const bar = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const link = bar.current?.querySelector<HTMLElement>("[aria-current]");
    if (bar.current && link)
      bar.current.scrollLeft = link.offsetLeft - (bar.current.clientWidth - link.offsetWidth) / 2;
  }, [tab]);
  return (
    <nav class="fleet-tabs" aria-label={fleet.views} ref={bar}>
      {TABS.map((name) => (
        <a key={name} href={tabHref(name)} aria-current={name === tab ? "page" : undefined}>
          {fleet.tabs[name]}
        </a>
      ))}
    </nav>
  );
}

/** What the fleet did in a period, beside the one before: for managers. */
export default function FleetPage() {
  const { setPeriod, ...view } = useView();
  const { tab, period, hasToday } = view;
  const Shown = VIEWS[tab];
  useTitle(tab === "utilisation" ? null : fleet.tabs[tab]);
  // Once, not for each of the questions that would be refused.
  if (session.value !== null && !may("read")) return <Refused />;
  return (
    <div class="page fleet">
      <PageHead title={t.pages.fleet.title} hint={fleet.hint} />
      <div class="fleet-controls">
        <PeriodPicker value={period} onChange={setPeriod} compare />
        <FleetFilters view={view} />
      </div>
      {hasToday && <p class="small soft">{fleet.todayIsNotOver}</p>}
      <FleetSummary view={view} />
      <Tabs tab={tab} />
      <div class="fleet-tab">
        <h2 class="unseen">{fleet.tabs[tab]}</h2>
        <Shown key={tab} view={view} />
      </div>
    </div>
  );
}
