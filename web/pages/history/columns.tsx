import type { ComponentChildren } from "preact";
import { durationS, km, kmh, metres } from "../../parts/format.ts";
import type { Column } from "../../parts/table.tsx";
import { timeS } from "../../parts/time.ts";
import { Text, Value } from "../../parts/value.tsx";
import { words } from "../../texts/history.ts";
import type { Alarm, Trip } from "./day.ts";
import { Swatch } from "./look.tsx";
import type { Gap, Stop } from "./way.ts";

/** A row of any list: whose it is, when it began, where. */
export interface Row<R> {
  key: string;
  label: string;
  slot: number;
  atMs: number;
  place: { lng: number; lat: number } | null;
  of: R;
}

const { columns: heads } = words;

const at = <R,>(header: string): Column<Row<R>> => ({
  ...{ key: "at", header, isRowHeader: true },
  cell: ({ atMs }) => <span class="figures">{timeS(atMs)}</span>,
  sortBy: ({ atMs }) => atMs,
});

const vehicle = <R,>(): Column<Row<R>> => ({
  ...{ key: "vehicle", header: heads.vehicle },
  cell: ({ slot, label }) => (
    <span class="history-cell">
      <Swatch slot={slot} />
      <span class="history-label">{label}</span>
    </span>
  ),
  sortBy: ({ label }) => label,
});

const figure = <R,>(
  key: string,
  header: string,
  value: (of: R) => number | null,
  as: (value: number) => string,
): Column<Row<R>> => ({
  ...{ key, header, align: "end" as const },
  cell: ({ of }) => <Value of={value(of)} as={as} />,
  sortBy: ({ of }) => value(of),
});

const plain = <R,>(key: string, header: string, cell: (of: R) => ComponentChildren): Column<Row<R>> => ({
  ...{ key, header },
  cell: ({ of }) => cell(of),
});

const until = (iso: string) => <span class="figures">{timeS(iso)}</span>;

export const TRIP_COLUMNS: readonly Column<Row<Trip>>[] = [
  at(heads.from),
  plain("end", heads.to, ({ endAt }) => until(endAt)),
  vehicle(),
  figure("distance", heads.distance, ({ distanceKm }) => distanceKm, km),
  figure("duration", heads.duration, ({ durationS: s }) => s, durationS),
  figure("max", heads.maxSpeed, ({ maxSpeedKmh }) => maxSpeedKmh, kmh),
  plain("driver", heads.driver, ({ driver }) => <Text of={driver} />),
  plain("start", heads.start, ({ startAddress }) => <Text of={startAddress} />),
  plain("finish", heads.end, ({ endAddress }) => <Text of={endAddress} />),
];

export const STOP_COLUMNS: readonly Column<Row<Stop>>[] = [
  at(heads.arrival),
  plain("end", heads.departure, ({ to }) => until(to)),
  vehicle(),
  figure("duration", heads.duration, ({ durationS: s }) => s, durationS),
  plain("place", heads.place, ({ place }) => <Text of={place} />),
];

export const GAP_COLUMNS: readonly Column<Row<Gap & { apartM: number }>>[] = [
  at(heads.from),
  plain("end", heads.to, ({ toMs }) => <span class="figures">{timeS(toMs)}</span>),
  vehicle(),
  figure("duration", heads.duration, ({ fromMs, toMs }) => (toMs - fromMs) / 1000, durationS),
  figure("apart", heads.apart, ({ apartM }) => apartM, metres),
];

export const ALARM_COLUMNS: readonly Column<Row<Alarm>>[] = [
  at(heads.at),
  plain("alarm", heads.alarm, ({ alarmName, code }) => <Text of={alarmName ?? code} />),
  vehicle(),
  figure("speed", heads.speed, ({ speedKmh }) => speedKmh, kmh),
  plain("driver", heads.driver, ({ driver }) => <Text of={driver} />),
];
