import { Badge, type Tone } from "../../parts/badge.tsx";
import { count, durationS, number } from "../../parts/format.ts";
import type { Column } from "../../parts/table.tsx";
import { day, time } from "../../parts/time.ts";
import { Text, Value } from "../../parts/value.tsx";
import { fleet as t } from "../../texts/fleet.ts";
import { type ClockDay, type ClockStatus, type DriverDays, STATUSES } from "./clock-days.ts";
import { clock } from "./working-days.tsx";

const TONES: Record<ClockStatus, Tone> = {
  late: "warn",
  missing: "bad",
  on_time: "ok",
  awaited: "info",
  free: "muted",
  unknown: "muted",
};

/** Drivers with their days added up. */
export function driverColumns(): Column<DriverDays>[] {
  const counted = (status: ClockStatus, header: string): Column<DriverDays> => ({
    key: status,
    header,
    cell: ({ counts }) => count(counts[status]),
    sortBy: ({ counts }) => counts[status],
    align: "end",
  });
  const clocked = (key: "beganS" | "endedS", header: string): Column<DriverDays> => ({
    key,
    header,
    hint: t.table.median,
    cell: (row) => <Value of={row[key]} as={clock} />,
    sortBy: (row) => row[key],
    align: "end",
  });
  return [
    { key: "driver", header: t.table.driver, cell: ({ driver }) => driver, sortBy: ({ driver }) => driver },
    {
      key: "days",
      header: t.table.days,
      cell: ({ days }) => number(days),
      sortBy: ({ days }) => days,
      align: "end",
    },
    counted("on_time", t.table.onTime),
    counted("late", t.table.late),
    {
      key: "lateBy",
      header: t.table.lateBy,
      hint: t.table.mean,
      // Who was never late is not late by an unknown time.
      cell: ({ meanLateS }) => (meanLateS === null ? "" : durationS(meanLateS)),
      sortBy: ({ meanLateS }) => meanLateS,
      align: "end",
    },
    counted("missing", t.table.missing),
    counted("unknown", t.table.unknown),
    clocked("beganS", t.table.began),
    clocked("endedS", t.table.ended),
  ];
}

/** Each day of each driver. */
export function entryColumns(): Column<ClockDay>[] {
  const instant = (key: string, header: string, at: (row: ClockDay) => string | null): Column<ClockDay> => ({
    key,
    header,
    cell: (row) => <Value of={at(row)} as={time} />,
    sortBy: at,
    align: "end",
  });
  // What is within the grace of the shift is not late.
  const lateS = ({ status, lateS: after }: ClockDay) =>
    status === "late" || status === "missing" ? after : null;
  return [
    { key: "driver", header: t.table.driver, cell: ({ driver }) => driver, sortBy: ({ driver }) => driver },
    { key: "day", header: t.table.day, cell: ({ day: of }) => day(of), sortBy: ({ day: of }) => of },
    {
      key: "vehicle",
      header: t.table.vehicle,
      cell: ({ plate, name, imei }) => plate || name || imei,
      sortBy: ({ plate, name, imei }) => plate || name || imei,
    },
    {
      key: "status",
      header: t.table.status,
      cell: ({ status }) => (
        <Badge tone={TONES[status] ?? "muted"}>{t.clock.status[status] ?? t.clock.status.unknown}</Badge>
      ),
      sortBy: ({ status }) => STATUSES.indexOf(status),
    },
    {
      key: "shift",
      header: t.table.shift,
      cell: ({ shift, shiftFrom, shiftTo }) =>
        shiftFrom === null ? (
          <Text of={shift ?? t.clock.status.free} />
        ) : (
          t.clock.span(time(shiftFrom), time(shiftTo))
        ),
      sortBy: ({ shiftFrom }) => shiftFrom,
    },
    // Without a shift no day begins; when it first moved is known all the same.
    instant("beganAt", t.table.began, ({ beganAt, firstMovingAt }) => beganAt ?? firstMovingAt),
    {
      key: "lateS",
      header: t.table.lateBy,
      cell: (row) => {
        const seconds = lateS(row);
        return seconds === null ? "" : durationS(seconds);
      },
      sortBy: lateS,
      align: "end",
    },
    instant("endedAt", t.table.ended, ({ endedAt }) => endedAt),
  ];
}
