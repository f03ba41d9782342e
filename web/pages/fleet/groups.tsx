import type { Period } from "../../parts/periods.ts";
import { day } from "../../parts/time.ts";
import { fleet as t } from "../../texts/fleet.ts";
import { GROUPS, type Group, lookInto, setGroup } from "./view.ts";

/** What rows by groups have alike. */
interface Grouped {
  key: string | null;
  name: string | null;
  plate: string | null;
}

/** A group's name as people know it. Whatever a vehicle is called is text. */
export function groupLabel({ key, name, plate }: Grouped, group: Group): string {
  if (key === null) return t.groups.without[group];
  if (group === "day") return day(key);
  if (group === "vehicle") return plate || name || key;
  return key;
}

/** A group's name as a cell: of a vehicle also what else it is called. */
export function GroupCell({ row, group }: { row: Grouped; group: Group }) {
  const label = groupLabel(row, group);
  const more = group === "vehicle" && row.name && row.name !== label ? row.name : null;
  return (
    <>
      {row.key === null ? <span class="not-known">{label}</span> : label}
      {more && <span class="soft"> {more}</span>}
    </>
  );
}

/** The first column of every table by groups. */
export const groupColumn = <R extends Grouped>(group: Group) => ({
  key: "name",
  header: t.groups[group],
  cell: (row: R) => <GroupCell row={row} group={group} />,
  sortBy: (row: R) => (group === "day" ? row.key : row.key === null ? null : groupLabel(row, group)),
});

export const rowKeyOf = ({ key }: Grouped) => key ?? "";

/** How the tables by groups are parted. */
export const byGroup = (value: Group) => ({ groups: GROUPS, value, words: t.groups, onChange: setGroup });

/** Leads from a row to what it is made of. */
export const intoGroup =
  <R extends Grouped>(group: Group, period: Period) =>
  (row: R) => {
    if (row.key !== null) lookInto(group, row.key, period);
  };
