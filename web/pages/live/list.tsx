import type { LiveVehicle } from "../../client/index.js";
import { StatusMark } from "../../parts/badge.tsx";
import { age, kmh, shortDurationS } from "../../parts/format.ts";
import { RowList, type RowPlace } from "../../parts/row-list.tsx";
import { Empty, Loading } from "../../parts/states.tsx";
import { labelOf } from "../../parts/vehicle-names.ts";
import { nowSlow } from "../../shell/clock.ts";
import { version } from "../../shell/fleet.ts";
import { t } from "../../texts/en.ts";
import { shown } from "./vehicles.ts";
import { select, selectedImei } from "./view.ts";

/** In CSS too. */
const ROW_PX = 56;

interface ListProps {
  onChoose: (vehicle: LiveVehicle) => void;
}

export function VehicleList({ onChoose }: ListProps) {
  if (shown.value.length > 0) return <Rows onChoose={onChoose} />;
  return (
    <div id="list" class="scroll-part">
      {version.value === "" ? <Loading /> : <Empty title={t.live.none} hint={t.live.noneHint} />}
    </div>
  );
}

function Rows({ onChoose }: ListProps) {
  return (
    <RowList
      id="list"
      label={t.live.list}
      entries={shown.value}
      keyOf={({ imei }) => imei}
      rowPx={ROW_PX}
      chosen={selectedImei.value}
      onChoose={(vehicle) => (vehicle === null ? select(null) : onChoose(vehicle))}
      row={(vehicle, place) => <Row key={vehicle.imei} vehicle={vehicle} place={place} onChoose={onChoose} />}
    />
  );
}

interface RowProps {
  vehicle: LiveVehicle;
  place: RowPlace;
  onChoose: (vehicle: LiveVehicle) => void;
}

function Row({ vehicle, place, onChoose }: RowProps) {
  const { imei, status, driver, city, name, fixAt } = vehicle;
  const { id, top, position, size, isChosen, isActive } = place;
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
