type Role = "grid" | "rowgroup" | "row" | "columnheader" | "rowheader" | "gridcell";

interface States {
  tabIndex?: 0;
  "aria-label"?: string;
  "aria-describedby"?: string;
  "aria-rowindex"?: number;
  "aria-rowcount"?: number;
  "aria-colcount"?: number;
  "aria-multiselectable"?: boolean;
  "aria-activedescendant"?: string;
  "aria-selected"?: boolean;
}

/**
 * What an element is in the grid. Not a `<table>`: its cells are drawn in rows of one grid of columns, of which only those in
 * sight are there; and the grid alone has the focus, and points to a cell.
 */
export const is = (role: Role, states: States = {}) => ({ role, ...states });
