import { count, km, litres, money } from "../../parts/format.ts";
import type { Column } from "../../parts/table.tsx";
import { Value } from "../../parts/value.tsx";
import type { Answers } from "../../shell/api.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { ChangeCell, restsOn, shareOf } from "./change.tsx";
import { groupColumn } from "./groups.tsx";
import type { Group } from "./view.ts";

type Row = Answers["FuelList"]["groups"][number];
type Figures = NonNullable<Row["period"]>;

/** Fuel of groups. */
export function fuelColumns(group: Group): Column<Row>[] {
  const figure = (
    key: string,
    header: string,
    get: (figures: Figures) => number | null,
    as: (value: number) => string,
  ): Column<Row> => ({
    key,
    header,
    cell: ({ period }) => <Value of={period && get(period)} as={as} />,
    sortBy: ({ period }) => period && get(period),
    align: "end",
  });
  const steps = (
    key: string,
    header: string,
    steps: (figures: Figures) => number | null,
    amount: (figures: Figures) => number | null,
  ): Column<Row> => ({
    key,
    header,
    cell: ({ period }) => (
      <Value of={period && steps(period)} as={(many) => withLitres(many, period && amount(period))} />
    ),
    sortBy: ({ period }) => period && steps(period),
    align: "end",
  });
  return [
    groupColumn<Row>(group),
    figure("distance", t.table.distance, ({ distanceKm }) => distanceKm, km),
    figure("reported", t.table.reported, ({ reportedL }) => reportedL, litres),
    {
      key: "change",
      header: t.table.change,
      hint: t.table.since,
      cell: ({ period, before }) => <ChangeCell value={period?.reportedL} before={before?.reportedL} />,
      sortBy: ({ period, before }) => shareOf(period?.reportedL, before?.reportedL),
      align: "end",
    },
    figure("rate", t.table.per100Km, ({ reportedLPer100Km }) => reportedLPer100Km, litres),
    figure("estimated", t.table.estimated, ({ estimatedL }) => estimatedL, litres),
    steps(
      "refills",
      t.table.refills,
      ({ refills }) => refills,
      ({ refilledL }) => refilledL,
    ),
    steps(
      "drains",
      t.table.drains,
      ({ drains }) => drains,
      ({ drainedL }) => drainedL,
    ),
    steps(
      "fills",
      t.table.fills,
      ({ fills }) => fills,
      ({ filledL }) => filledL,
    ),
    {
      key: "cost",
      header: t.costs.title,
      cell: ({ period }) => <Value of={costOf(period)} as={(words) => words} />,
      align: "end",
    },
    {
      key: "rests",
      header: t.table.rests,
      cell: ({ period }) => (
        <Value of={period} as={(of) => restsOn(of.reportedVehicleDays, of.vehicleDays)} />
      ),
      sortBy: ({ period }) => period && period.reportedVehicleDays / Math.max(1, period.vehicleDays),
      align: "end",
    },
  ];
}

/** How often, and how much where that is known. */
const withLitres = (many: number, amount: number | null): string =>
  many === 0 || amount === null ? count(many) : `${count(many)} · ${litres(amount)}`;

/** Of the reported litres, else of the estimated ones; each currency by itself. */
function costOf(period: Figures | null): string | null {
  const words = (period?.costs ?? []).flatMap(({ currency, reported, estimated }) => {
    if (reported !== null) return [money(reported, currency)];
    return estimated === null ? [] : [`${money(estimated, currency)} (${t.table.estimated.toLowerCase()})`];
  });
  return words.length === 0 ? null : words.join(", ");
}
