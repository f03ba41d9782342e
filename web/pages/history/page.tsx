import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MapHandle } from "../../map/map.tsx";
import { PageHead } from "../../parts/page-head.tsx";
import { DayPicker } from "../../parts/period.tsx";
import { Empty } from "../../parts/states.tsx";
import { day as dayWords } from "../../parts/time.ts";
import { VehiclePicker } from "../../parts/vehicle-picker.tsx";
import { useTitle } from "../../shell/title.ts";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/history.ts";
import { useDay } from "./day.ts";
import "./history.css";
import { useInstant } from "./instant.ts";
import { Lists } from "./lists.tsx";
import { MapPane } from "./map-pane.tsx";
import { createReplay } from "./replay.ts";
import { SpeedChart } from "./speed-chart.tsx";
import { Strips, stretchesOf } from "./strips.tsx";
import { Totals } from "./totals.tsx";
import { Transport } from "./transport.tsx";
import { chooseDay, chooseVehicles, imeis, MOST_VEHICLES, shownDay } from "./view.ts";

const NO_ALARMS: never[] = [];

/** A day of one or several vehicles: on the map, in time, and as lists. */
export default function HistoryPage() {
  const chosen = imeis.value;
  const day = shownDay.value;
  const { vehicles, ...lists } = useDay(chosen, day);
  const replay = useMemo(createReplay, []);
  const map = useRef<MapHandle | null>(null);
  const [isKept, setKept] = useState(true);
  const labels = vehicles.map(({ label }) => label).join(", ");
  useTitle(labels === "" ? null : `${labels}, ${dayWords(day.day)}`);
  const stretches = vehicles.map(stretchesOf);
  useInstant(replay, { ...day, vehicles: chosen.join() }, stretches);
  useEffect(() => replay.pause, [replay]);
  const alarms = lists.alarms.isOld ? NO_ALARMS : (lists.alarms.data?.rows ?? NO_ALARMS);
  const isLoading = vehicles.some(({ way }) => way.isLoading && (way.data === null || way.isOld));

  return (
    <div class={vehicles.length === 0 ? "page history is-empty" : "page history"}>
      <PageHead title={t.pages.history.title} hint={words.hint} />
      <div class="history-choice">
        <VehiclePicker value={chosen} most={MOST_VEHICLES} onChange={chooseVehicles} label={words.vehicles} />
        <div class="history-day">
          <span class="label" aria-hidden="true">
            {words.day}
          </span>
          <DayPicker value={day.day} onChange={chooseDay} />
        </div>
      </div>
      <div class="history-view">
        <div class="history-map">
          <MapPane
            vehicles={vehicles}
            alarms={alarms}
            day={day.day}
            replay={replay}
            isKept={isKept}
            handle={useCallback((made: MapHandle | null) => {
              map.current = made;
            }, [])}
          />
          {isLoading && (
            <p class="history-loading" role="status">
              {words.loading}
            </p>
          )}
        </div>
        {vehicles.length === 0 ? (
          <div class="card">
            <Empty title={words.noneTitle} hint={words.noneHint} />
          </div>
        ) : (
          <div class="card history-dock">
            <Transport replay={replay} span={day} isKept={isKept} onKeep={setKept} />
            <Strips vehicles={vehicles} day={day} replay={replay} />
            <SpeedChart vehicles={vehicles} day={day} replay={replay} />
          </div>
        )}
      </div>
      {vehicles.length > 0 && (
        <>
          <Totals vehicles={vehicles} day={day} distances={lists.distances} trips={lists.trips} />
          <Lists
            vehicles={vehicles}
            day={day}
            {...lists}
            onShow={(atMs, place) => {
              replay.pause();
              replay.seek(atMs);
              if (place) map.current?.fly({ ...place, zoom: Math.max(14, map.current.camera().zoom) });
            }}
          />
        </>
      )}
    </div>
  );
}
