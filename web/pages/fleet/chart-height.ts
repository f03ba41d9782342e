/** Beside a list of bars there is room for a higher chart than above one. */
const BESIDE = matchMedia("(min-width: 1100px)");

/** How high a chart of days is, as the page is now. */
export const chartHeightPx = (): number => (BESIDE.matches ? 320 : 200);
