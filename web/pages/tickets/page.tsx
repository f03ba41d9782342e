import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { boundsOf } from "../../map/geo.ts";
import { FleetMap, type MapHandle, type Padding } from "../../map/map.tsx";
import { count } from "../../parts/format.ts";
import { Segmented } from "../../parts/segmented.tsx";
import { Answered, Empty } from "../../parts/states.tsx";
import { zoneName } from "../../parts/time.ts";
import { zone } from "../../shell/session.ts";
import { isDark } from "../../shell/theme.ts";
import { useTitle } from "../../shell/title.ts";
import { go } from "../../shell/url.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/tickets.ts";
import { Details, useTicket } from "./details.tsx";
import { TicketFilters } from "./filters.tsx";
import { chosenLayer, coloursNow, ticketLayer } from "./layers.ts";
import { TicketList } from "./list.tsx";
import { useNearest } from "./nearest.tsx";
import { type Ticket, useShown, useTickets } from "./tickets.ts";
import "./tickets.css";
import {
  asked,
  cameraInLink,
  chooseFilter,
  chooseKind,
  clearFilters,
  filters,
  filtersSet,
  KINDS,
  kind,
  noteCamera,
  select,
  selected,
  status,
} from "./view.ts";

const SELECT_ZOOM = 13;
const WIDE = matchMedia("(min-width: 900px)");
/** What the card of the ticket covers of the map; in tickets.css too. On phones it covers the list. */
const WIDE_DETAILS: Padding = { top: 0, right: 412, bottom: 0, left: 0 };
const NOTHING: readonly Ticket[] = [];

/** Incidents and change requests, for dispatchers: where they are, who was there, who is near. */
export default function TicketsPage() {
  const number = selected.value;
  const found = useTickets();
  const all = found.data?.tickets ?? NOTHING;
  const { shown, placeless, priorities, assignees } = useShown(all);
  const listed = all.find((ticket) => ticket.number === number);
  const whole = useTicket(kind.value, number);
  const ticket = number === null ? null : ((whole.isOld ? null : whole.data) ?? listed ?? null);
  const { lat = null, lng = null } = ticket ?? {};
  const nearest = useNearest(lat === null || lng === null ? null : { lat, lng });
  const near = nearest.isOld ? undefined : nearest.data?.vehicles;
  useTitle(number);

  function close() {
    select(null);
    // What it covered has the focus again.
    requestAnimationFrame(() => document.getElementById("ticket-list")?.focus({ preventScroll: true }));
  }

  return (
    <div class="tickets" data-details={number !== null}>
      <section class="tickets-panel" aria-label={words.panel}>
        <header class="tickets-head">
          <div class="tickets-title">
            <h1>{t.pages.tickets.title}</h1>
            <p class="soft small" title={zone.value}>
              {t.menu.zone} {zoneName}
            </p>
          </div>
          <Segmented
            label={words.kind}
            options={KINDS.map((value) => ({ value, label: words.kinds[value] }))}
            value={kind.value}
            onChange={chooseKind}
          />
        </header>
        <div class="tickets-below">
          <TicketFilters priorities={priorities} assignees={assignees} />
          <Answered of={found}>
            {({ tickets, hasMore }) => (
              <>
                <Found shown={shown.length} all={tickets.length} placeless={placeless} />
                {shown.length === 0 ? (
                  <Nothing hasAny={tickets.length > 0} />
                ) : (
                  <TicketList tickets={shown} onChoose={(next) => (next === null ? close() : select(next))} />
                )}
                {(hasMore || found.isGrowing) && (
                  <p class="tickets-more small" role="status">
                    {words.more(count(tickets.length))}{" "}
                    <button
                      type="button"
                      class="button plain"
                      disabled={found.isGrowing}
                      onClick={found.loadMore}
                    >
                      {found.isGrowing ? words.loadingMore : words.loadMore}
                    </button>
                  </p>
                )}
              </>
            )}
          </Answered>
        </div>
      </section>
      <TicketMap
        tickets={shown}
        placeless={placeless}
        chosen={ticket}
        near={near}
        isThere={found.data !== null && !found.isGrowing}
      />
      {number !== null && (
        <Details
          key={`${kind.value} ${number}`}
          kind={kind.value}
          number={number}
          listed={listed}
          whole={whole}
          nearest={nearest}
          onClose={close}
        />
      )}
    </div>
  );
}

function Found({ shown, all, placeless }: { shown: number; all: number; placeless: number }) {
  const { isPlaceless } = filters.value;
  return (
    <p class="tickets-found small">
      <span class="soft" role="status">
        {shown === all ? words.shown(count(all)) : words.shownOf(count(shown), count(all))}
      </span>
      {(placeless > 0 || isPlaceless) && (
        <button
          type="button"
          class="button plain"
          aria-pressed={isPlaceless}
          onClick={() => chooseFilter("place", isPlaceless ? null : "none")}
        >
          {isPlaceless ? words.allPlaces : words.noPlaces(count(placeless))}
        </button>
      )}
    </p>
  );
}

function Nothing({ hasAny }: { hasAny: boolean }) {
  const { search } = filters.value;
  const isFiltered = hasAny && (filtersSet.value > 0 || search !== "");
  return (
    <Empty
      title={isFiltered ? words.noneMatch : words.none(words.kinds[kind.value])}
      hint={isFiltered ? words.noneMatchHint : words.noneHint[status.value]}
    >
      <p class="row">
        {search !== "" && (
          <button type="button" class="button" onClick={() => select(search)}>
            {words.byNumber(search)}
          </button>
        )}
        {isFiltered && (
          <button type="button" class="button" onClick={clearFilters}>
            {words.filters.clear}
          </button>
        )}
      </p>
    </Empty>
  );
}

function TicketMap({
  tickets,
  placeless,
  chosen,
  near,
  isThere,
}: {
  tickets: readonly Ticket[];
  placeless: number;
  chosen: Ticket | null;
  near: Parameters<typeof FleetMap>[0]["vehicles"];
  isThere: boolean;
}) {
  const map = useRef<MapHandle | null>(null);
  const [camera] = useState(cameraInLink);
  const isWide = useWide();
  const dark = isDark();
  const colours = useMemo(coloursNow, [dark]);
  const drawn = useMemo(() => ticketLayer(tickets, colours, select), [tickets, colours]);
  const layers = useMemo(
    () => (chosen ? [...chosenLayer(chosen, colours), drawn] : [drawn]),
    [drawn, chosen, colours],
  );
  const fit = useMemo(() => boundsOf(tickets), [tickets]);
  const { number = null, lat = null, lng = null } = chosen ?? {};
  useEffect(() => {
    if (number === null || lat === null || lng === null) return;
    if (cameraInLink() !== null) return;
    const zoom = Math.max(map.current?.camera().zoom ?? 0, SELECT_ZOOM);
    // After the first fit, which happens in the same moment.
    const timer = setTimeout(() => map.current?.fly({ lng, lat, zoom }));
    return () => clearTimeout(timer);
  }, [number, lat, lng]);
  const isHeld = selected.value !== null && (chosen === null || lat !== null);
  const padding = isWide && number !== null ? { padding: WIDE_DETAILS } : {};
  const withPlace = tickets.length - (filters.value.isPlaceless ? tickets.length : placeless);
  return (
    <div class="tickets-map">
      <FleetMap
        label={words.map}
        summary={words.mapSummary(count(withPlace), placeless)}
        camera={camera}
        // A link to a ticket shows that one first, not all of them.
        fit={isThere && !isHeld ? fit : null}
        fitKey={JSON.stringify([kind.value, asked.value])}
        {...padding}
        layers={layers}
        vehicles={near ?? NO_VEHICLES}
        onVehicle={(imei) => imei !== null && go("/", { vehicle: imei, follow: "1" })}
        onCamera={(moved, isByHand) => isByHand && noteCamera(moved)}
        handle={(made) => {
          map.current = made;
        }}
      />
    </div>
  );
}

const NO_VEHICLES: readonly never[] = [];

function useWide(): boolean {
  const [isWide, setWide] = useState(WIDE.matches);
  useEffect(() => {
    const look = () => setWide(WIDE.matches);
    WIDE.addEventListener("change", look);
    return () => WIDE.removeEventListener("change", look);
  }, []);
  return isWide;
}
