// Text on a canvas that never overlaps: a placer remembers the boxes taken in this frame.

const CELL_PX = 64;
const MOST_WIDTHS = 6_000;

/** Boxes already taken, in a grid so that a look-up touches only neighbours. */
export function createPlacer() {
  const cells = new Map<number, [number, number, number, number][]>();
  return {
    /** Takes the box when it is free. */
    take(x0: number, y0: number, x1: number, y1: number): boolean {
      const keys: number[] = [];
      for (let cx = Math.floor(x0 / CELL_PX); cx <= Math.floor(x1 / CELL_PX); cx++) {
        for (let cy = Math.floor(y0 / CELL_PX); cy <= Math.floor(y1 / CELL_PX); cy++) {
          const key = cx * 4096 + cy;
          if (cells.get(key)?.some(([a, b, c, d]) => x0 < c && x1 > a && y0 < d && y1 > b)) return false;
          keys.push(key);
        }
      }
      for (const key of keys) {
        const cell = cells.get(key);
        if (cell) cell.push([x0, y0, x1, y1]);
        else cells.set(key, [[x0, y0, x1, y1]]);
      }
      return true;
    },
  };
}

export type Placer = ReturnType<typeof createPlacer>;

const widths = new Map<string, number>();

/** Width of a text, measured once. */
export function textWidth(ctx: CanvasRenderingContext2D, text: string): number {
  const key = `${ctx.font}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > MOST_WIDTHS) widths.clear();
    width = ctx.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}
