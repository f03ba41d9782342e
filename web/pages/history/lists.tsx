import { DownloadButton } from "../../parts/download.tsx";
import { count } from "../../parts/format.ts";
import { Segmented } from "../../parts/segmented.tsx";
import { Answered } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { msOf } from "../../parts/time.ts";
import { words } from "../../texts/history.ts";
import { ALARM_COLUMNS, GAP_COLUMNS, type Row, STOP_COLUMNS, TRIP_COLUMNS } from "./columns.tsx";
import { type Alarm, type Lists as Answers, type Trip, type VehicleDay, wayIn } from "./day.ts";
import { chooseList, chooseSort, type Day, LISTS, list, sort } from "./view.ts";
import type { Gap } from "./way.ts";

type Show = (atMs: number, place: { lng: number; lat: number } | null) => void;

interface Props extends Answers {
  vehicles: readonly VehicleDay[];
  day: Day;
  onShow: Show;
}

/** What happened, as tables: a row leads to its instant, and to its place on the map. */
export function Lists(props: Props) {
  const options = LISTS.map((value) => ({ value, label: words.list[value] }));
  return (
    <section class="history-lists" aria-label={words.lists}>
      <div class="history-lists-head">
        <Segmented label={words.lists} options={options} value={list.value} onChange={chooseList} />
        <File {...props} />
      </div>
      <Chosen {...props} />
    </section>
  );
}

function Chosen(props: Props) {
  switch (list.value) {
    case "trips":
      return <Trips {...props} />;
    case "stops":
      return <Stops {...props} />;
    case "gaps":
      return <Gaps {...props} />;
    case "alarms":
      return <Alarms {...props} />;
  }
}

/** Trips and alarms come from the API as files too; stops are in the file of each way. */
function File({ vehicles, day: { day, from, to } }: Props) {
  const path = { trips: "/v1/trips", alarms: "/v1/alarms", stops: null, gaps: null }[list.value];
  if (path === null) return null;
  const imei = vehicles.map((vehicle) => vehicle.imei).join(",");
  return (
    <DownloadButton
      path={path}
      query={{ imei, from, to, format: "csv" }}
      fileName={`${list.value}-${day}.csv`}
    />
  );
}

function Trips({ vehicles, trips, onShow }: Props) {
  return (
    <Answered of={trips} minHeightPx={160}>
      {({ rows, isCut }) => (
        <Rows
          caption={words.tripsCaption}
          columns={TRIP_COLUMNS}
          rows={rows.flatMap((trip) => rowOf(vehicles, trip, tripKey(trip), trip.startAt, placeOfTrip(trip)))}
          empty={words.noTrips}
          isCut={isCut}
          onShow={onShow}
        />
      )}
    </Answered>
  );
}

function Alarms({ vehicles, alarms, onShow }: Props) {
  return (
    <Answered of={alarms} minHeightPx={160}>
      {({ rows, isCut }) => (
        <Rows
          caption={words.alarmsCaption}
          columns={ALARM_COLUMNS}
          rows={rows.flatMap((alarm) =>
            rowOf(vehicles, alarm, alarmKey(alarm), alarm.alarmAt, placeOf(alarm)),
          )}
          empty={words.noAlarms}
          isCut={isCut}
          onShow={onShow}
        />
      )}
    </Answered>
  );
}

function Stops({ vehicles, onShow }: Props) {
  const rows = vehicles.flatMap((vehicle) =>
    wayIn(vehicle).stops.flatMap((stop) =>
      rowOf(vehicles, { ...stop, imei: vehicle.imei }, `${vehicle.imei} ${stop.number}`, stop.from, stop),
    ),
  );
  return (
    <Rows
      caption={words.stopsCaption}
      columns={STOP_COLUMNS}
      rows={rows}
      empty={words.noStops}
      onShow={onShow}
    />
  );
}

function Gaps({ vehicles, onShow }: Props) {
  const rows = vehicles.flatMap((vehicle) =>
    wayIn(vehicle).gaps.flatMap((gap) => {
      const [lng, lat] = gap.from;
      const row = { ...gap, imei: vehicle.imei, apartM: apartM(gap) };
      return rowOf(vehicles, row, `${vehicle.imei} ${gap.fromMs}`, gap.fromMs, { lng, lat });
    }),
  );
  return (
    <Rows
      caption={words.gapsCaption}
      columns={GAP_COLUMNS}
      rows={rows}
      empty={words.noGaps}
      onShow={onShow}
    />
  );
}

function Rows<R>({
  caption,
  columns,
  rows,
  empty,
  isCut = false,
  onShow,
}: {
  caption: string;
  columns: readonly Column<Row<R>>[];
  rows: readonly Row<R>[];
  empty: string;
  isCut?: boolean;
  onShow: Show;
}) {
  return (
    <>
      <Table
        caption={caption}
        columns={columns}
        rows={rows}
        rowKey={({ key }) => key}
        sort={sort.value}
        onSort={chooseSort}
        onRow={({ atMs, place }) => onShow(atMs, place)}
        empty={empty}
        maxHeight="420px"
      />
      {isCut && <p class="soft small">{words.cut(count(rows.length))}</p>}
    </>
  );
}

/** A row of a vehicle that is not chosen any more is of the question before. */
function rowOf<R extends { imei: string }>(
  vehicles: readonly VehicleDay[],
  of: R,
  key: string,
  at: string | number,
  place: Row<R>["place"],
): Row<R>[] {
  const vehicle = vehicles.find(({ imei }) => imei === of.imei);
  if (vehicle === undefined) return [];
  const { label, slot } = vehicle;
  return [{ key, label, slot, atMs: msOf(at), place, of }];
}

const tripKey = ({ id }: Trip) => id;
const alarmKey = ({ imei, alarmAt, code, fenceId }: Alarm) => [imei, alarmAt, code, fenceId].join(" ");

const placeOf = ({ lng, lat }: { lng: number | null; lat: number | null }) =>
  lng === null || lat === null ? null : { lng, lat };
const placeOfTrip = ({ startLng, startLat }: Trip) => placeOf({ lng: startLng, lat: startLat });

function apartM({ from: [lng, lat], to: [toLng, toLat] }: Gap): number {
  const perLatM = 111_320;
  return Math.hypot((toLat - lat) * perLatM, (toLng - lng) * perLatM * Math.cos((lat * Math.PI) / 180));
}
