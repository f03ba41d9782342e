import { StatusMark } from "../../parts/badge.tsx";
import { DownloadButton } from "../../parts/download.tsx";
import { count, durationS, km, kmh } from "../../parts/format.ts";
import { Loading, whyOf } from "../../parts/states.tsx";
import { timeInZone } from "../../parts/time.ts";
import { Value } from "../../parts/value.tsx";
import { t } from "../../texts/en.ts";
import { words } from "../../texts/history.ts";
import type { Lists, VehicleDay } from "./day.ts";
import { Swatch } from "./look.tsx";
import type { Day } from "./view.ts";

const FORMATS = { gpx: "GPX", geojson: "GeoJSON", csv: "CSV" };
const STATES = ["moving", "idling", "parked", "unknown"] as const;
const SOURCES = ["odometer", "vendor", "gps"] as const;

/** What the day of each vehicle adds up to, and its way as a file. */
export function Totals({
  vehicles,
  day,
  distances,
  trips,
}: {
  vehicles: readonly VehicleDay[];
  day: Day;
} & Pick<Lists, "distances" | "trips">) {
  return (
    <section class="history-totals" aria-label={words.totals}>
      {vehicles.map((vehicle) => (
        <VehicleTotals
          key={vehicle.imei}
          vehicle={vehicle}
          day={day}
          distance={distanceOf(vehicle.imei, distances)}
          trips={
            trips.isOld ? null : (trips.data?.rows.filter(({ imei }) => imei === vehicle.imei).length ?? null)
          }
        />
      ))}
    </section>
  );
}

function VehicleTotals({
  vehicle: { imei, label, slot, way, activity },
  day: { day, from, to, isToday },
  distance,
  trips,
}: {
  vehicle: VehicleDay;
  day: Day;
  distance: { km: number | null; source: (typeof SOURCES)[number] | null };
  trips: number | null;
}) {
  const done = activity.isOld ? null : activity.data;
  const found = way.isOld ? null : way.data;
  return (
    <article class="card history-vehicle" aria-label={label}>
      <h2>
        <Swatch slot={slot} />
        <span class="history-label">{label}</span>
        {isToday && <span class="soft small">{words.soFar}</span>}
      </h2>
      <WayNote way={way} />
      <dl class="history-figures">
        <div class="is-large">
          <dt>{words.distance}</dt>
          <dd>
            <Value of={distance.km} as={km} />
            <span class="soft small">
              {distance.source ? words.bySource[distance.source] : words.noSource}
            </span>
          </dd>
        </div>
        {STATES.map((state) => (
          <div key={state}>
            <dt>
              <StatusMark of={state} />
              {t.status[state]}
            </dt>
            <dd>
              <Value of={done?.[`${state}S`]} as={durationS} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{words.maxSpeed}</dt>
          <dd>
            <Value of={done?.maxSpeedKmh} as={kmh} />
          </dd>
        </div>
        <div>
          <dt>{words.trips}</dt>
          <dd>
            <Value of={trips} as={count} />
          </dd>
        </div>
        <div>
          <dt>{words.stops}</dt>
          <dd>
            <Value of={found?.stops.length} as={count} />
          </dd>
        </div>
      </dl>
      {found !== null && found.atMs.length > 0 && (
        <div class="history-files">
          <h3 class="soft small">{words.download}</h3>
          {Object.entries(FORMATS).map(([format, name]) => (
            <DownloadButton
              key={format}
              path={`/v1/vehicles/${imei}/track`}
              query={{ from, to, format }}
              fileName={`${imei}-${day}.${format}`}
              label={name}
            />
          ))}
        </div>
      )}
    </article>
  );
}

/** Why there is no way to be seen, or how old the one is that is. */
function WayNote({ way }: { way: VehicleDay["way"] }) {
  const { data, error, isOld, loadedAtMs, reload } = way;
  if (error) {
    const why = error.status === 404 ? words.hidden : `${words.notAnswered}: ${whyOf(error)}`;
    return (
      <p class="wrong small" role="alert">
        {why} {data !== null && !isOld && t.line.asOf(timeInZone(loadedAtMs))}{" "}
        {error.status !== 404 && (
          <button type="button" class="button plain" onClick={reload}>
            {t.tryAgain}
          </button>
        )}
      </p>
    );
  }
  if (data === null || isOld) return <Loading />;
  return data.atMs.length === 0 ? <p class="soft small">{words.noWay}</p> : null;
}

function distanceOf(imei: string, distances: Lists["distances"]) {
  const row = distances.isOld ? undefined : distances.data?.find((one) => one.imei === imei);
  const km = row?.period?.distanceKm ?? null;
  const source = SOURCES.find((one) => (row?.period?.bySource[one].vehicleDays ?? 0) > 0) ?? null;
  return { km, source: km === null ? null : source };
}
