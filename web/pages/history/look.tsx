import { lookOf } from "../../charts/series.tsx";

/** Widths of a way on the map, px: an edge that lifts it off the map, the colour, the pattern in it. */
export const EDGE_PX = 7;
export const LINE_PX = 4;
export const PATTERN_PX = 1.6;

/** How a vehicle's way looks: a colour, and within it a pattern of its own for who does not tell the colours apart. */
export interface Look {
  colour: string;
  /** px, as the line of its speeds has it; none for the first. */
  dash: number[];
}

/** Colours as a canvas reads them, in the theme of now, one for each slot; and the card's and the ink's. */
export function coloursNow(slots: number): { looks: Look[]; card: string; ink: string; warn: string } {
  const probe = document.createElement("i");
  document.body.append(probe);
  const colourOf = (of: string) => {
    probe.style.color = of;
    return getComputedStyle(probe).color;
  };
  const looks = Array.from({ length: slots }, (_, slot) => {
    const { colour, dash } = lookOf(slot);
    return { colour: colourOf(colour), dash };
  });
  const [card = "", ink = "", warn = ""] = ["var(--card)", "var(--ink)", "var(--bad)"].map(colourOf);
  probe.remove();
  return { looks, card, ink, warn };
}

/** What a vehicle's way looks like on the map, beside its name. */
export function Swatch({ slot }: { slot: number }) {
  const { colour, dash } = lookOf(slot);
  return (
    <svg class="history-swatch" viewBox="0 0 28 10" aria-hidden="true">
      <path d="M3 5h22" stroke-width="7" stroke-linecap="round" style={{ stroke: colour }} />
      {slot > 0 && (
        <path
          d="M3 5h22"
          stroke-width="2"
          stroke-dasharray={dash.join(" ")}
          style={{ stroke: "var(--card)" }}
        />
      )}
    </svg>
  );
}
