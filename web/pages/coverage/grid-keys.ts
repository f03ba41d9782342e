/** A cell of the grid; row -1 is the fleet's. */
export interface Place {
  row: number;
  col: number;
}

const PAGE_ROWS = 10;

/** Where a key leads from a cell; null for keys that lead nowhere. */
export function afterKey(
  { key, ctrlKey, metaKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey">,
  { row, col }: Place,
  rows: number,
  cols: number,
): Place | null {
  const isFar = ctrlKey || metaKey;
  const at = (toRow: number, toCol: number): Place => ({
    row: Math.max(-1, Math.min(rows - 1, toRow)),
    col: Math.max(0, Math.min(cols - 1, toCol)),
  });
  switch (key) {
    case "ArrowLeft":
      return at(row, isFar ? 0 : col - 1);
    case "ArrowRight":
      return at(row, isFar ? cols - 1 : col + 1);
    case "ArrowUp":
      return at(isFar ? -1 : row - 1, col);
    case "ArrowDown":
      return at(isFar ? rows - 1 : row + 1, col);
    case "PageUp":
      return at(row - PAGE_ROWS, col);
    case "PageDown":
      return at(row + PAGE_ROWS, col);
    case "Home":
      return at(isFar ? -1 : row, 0);
    case "End":
      return at(isFar ? rows - 1 : row, cols - 1);
    default:
      return null;
  }
}
