import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LiveVehicle } from "../../client/index.js";
import { StatusMark } from "../../parts/badge.tsx";
import { age, kmh, shortDurationS } from "../../parts/format.ts";
import { Empty, Loading } from "../../parts/states.tsx";
import { labelOf } from "../../parts/vehicle-names.ts";
import { nowSlow } from "../../shell/clock.ts";
import { version } from "../../shell/fleet.ts";
import { t } from "../../texts/en.ts";
import { shown } from "./vehicles.ts";
import { select, selectedImei } from "./view.ts";

/** In CSS too. */
const ROW_PX = 56;
/** Beyond what is seen, for a quick finger. */
const AROUND = 8;
const PAGE_ROWS = 8;

interface ListProps {
  onChoose: (vehicle: LiveVehicle) => void;
}

export function VehicleList({ onChoose }: ListProps) {
  if (shown.value.length > 0) return <Rows onChoose={onChoose} />;
  return (
    <div id="list" class="live-scroll">
      {version.value === "" ? <Loading /> : <Empty title={t.live.none} hint={t.live.noneHint} />}
    </div>
  );
}

/** The vehicles; of thousands only the rows in sight are on the page. */
function Rows({ onChoose }: ListProps) {
  const rows = shown.value;
  const box = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState({ top: 0, height: 800 });
  const [active, setActive] = useState<string | null>(null);
  const id = useId();
  const chosen = selectedImei.value;

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setSeen({ top: element.scrollTop, height: element.clientHeight });
    const sizing = new ResizeObserver(look);
    sizing.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      sizing.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  const reveal = (at: number) => {
    const element = box.current;
    if (!element || at < 0) return;
    const top = at * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_PX - element.clientHeight;
  };
  const atOf = (imei: string | null) => (imei === null ? -1 : rows.findIndex((one) => one.imei === imei));

  // Only a new choice is scrolled to, not every update.
  useLayoutEffect(() => {
    setActive(chosen);
    reveal(atOf(chosen));
  }, [chosen]);

  function onKeyDown(event: KeyboardEvent) {
    const at = atOf(active);
    const last = rows.length - 1;
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_ROWS,
      PageUp: at - PAGE_ROWS,
      Home: 0,
      End: last,
    };
    const to = steps[event.key];
    const vehicle = rows[at];
    if (to !== undefined && last >= 0) {
      const next = Math.max(0, Math.min(last, to));
      setActive(rows[next]?.imei ?? null);
      reveal(next);
    } else if ((event.key === "Enter" || event.key === " ") && vehicle) onChoose(vehicle);
    else if (event.key === "Escape") select(null);
    else return;
    event.preventDefault();
  }

  const first = Math.max(0, Math.floor(seen.top / ROW_PX) - AROUND);
  const last = Math.min(rows.length, Math.ceil((seen.top + seen.height) / ROW_PX) + AROUND);
  const isActiveDrawn = rows.slice(first, last).some(({ imei }) => imei === active);
  return (
    <div
      ref={box}
      id="list"
      class="live-list"
      role="listbox"
      tabIndex={0}
      aria-label={t.live.list}
      aria-activedescendant={isActiveDrawn ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      onFocus={() => active === null && setActive(rows[0]?.imei ?? null)}
    >
      <div role="presentation" style={{ height: `${rows.length * ROW_PX}px` }}>
        {rows.slice(first, last).map((vehicle, i) => (
          <Row
            key={vehicle.imei}
            vehicle={vehicle}
            id={`${id}-${vehicle.imei}`}
            top={(first + i) * ROW_PX}
            position={first + i + 1}
            size={rows.length}
            isChosen={vehicle.imei === chosen}
            isActive={vehicle.imei === active}
            onChoose={onChoose}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps {
  vehicle: LiveVehicle;
  id: string;
  top: number;
  position: number;
  size: number;
  isChosen: boolean;
  isActive: boolean;
  onChoose: (vehicle: LiveVehicle) => void;
}

function Row({ vehicle, id, top, position, size, isChosen, isActive, onChoose }: RowProps) {
  const { imei, status, driver, city, name, fixAt } = vehicle;
  const who = [driver, city].filter(Boolean).join(" · ") || name || imei;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for all of its options.
    <div
      id={id}
      role="option"
      class="live-row"
      data-imei={imei}
      data-status={status}
      data-active={isActive}
      tabIndex={-1}
      aria-selected={isChosen}
      aria-setsize={size}
      aria-posinset={position}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onChoose(vehicle)}
    >
      <StatusMark of={status} />
      <span class="live-row-label">{labelOf(vehicle)}</span>
      <span class="live-row-value figures">{stateOf(vehicle)}</span>
      <span class="live-row-who">{who}</span>
      <span class="live-row-age figures">
        {fixAt === null ? age(null, 0) : shortDurationS((nowSlow.value - Date.parse(fixAt)) / 1000)}
      </span>
    </div>
  );
}

function stateOf({ status, speedKmh }: LiveVehicle): string {
  if (status === "moving" && speedKmh !== null) return kmh(speedKmh);
  return t.status[status] ?? t.status.unknown;
}
