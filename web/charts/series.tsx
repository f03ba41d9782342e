import { shared } from "../texts/shared.ts";
import "../styles/charts.css";

/** Colours of series, in the order they are used, and the dash that tells each from the others without its colour. */
const SERIES = [
  { colour: "var(--series-1)", dash: [] },
  { colour: "var(--series-2)", dash: [6, 4] },
  { colour: "var(--series-3)", dash: [2, 3] },
  { colour: "var(--series-4)", dash: [8, 3, 2, 3] },
  { colour: "var(--series-5)", dash: [1, 4] },
] as const;

export function lookOf(at: number): { colour: string; dash: number[] } {
  const { colour, dash } = SERIES[at % SERIES.length] ?? SERIES[0];
  return { colour, dash: [...dash] };
}

/** How an area is filled: each differs from its neighbours in more than its colour. */
export type Pattern = "full" | "stripes" | "dots" | "hollow";

/** What a stretch or a part of a bar stands for. */
export interface Kind {
  label: string;
  /** A colour of styles/tokens.css, e.g. `var(--moving)`. */
  colour: string;
  pattern: Pattern;
}

/** Of the statuses of a vehicle; unknown is hollow, as nobody knows. */
export const statusKinds = (words: Record<"moving" | "idling" | "parked" | "unknown", string>) =>
  ({
    moving: { label: words.moving, colour: "var(--moving)", pattern: "full" },
    idling: { label: words.idling, colour: "var(--idling)", pattern: "stripes" },
    parked: { label: words.parked, colour: "var(--parked)", pattern: "dots" },
    unknown: { label: words.unknown, colour: "var(--unknown)", pattern: "hollow" },
  }) satisfies Record<string, Kind>;

/** SVG patterns for kinds, named `${id}-${kind}`. */
export function Patterns({ id, kinds }: { id: string; kinds: Readonly<Record<string, Kind>> }) {
  return (
    <defs>
      {Object.entries(kinds).map(([name, { colour, pattern }]) => (
        <pattern key={name} id={`${id}-${name}`} width="6" height="6" patternUnits="userSpaceOnUse">
          {pattern !== "hollow" && (
            <rect width="6" height="6" style={{ fill: colour }} opacity={pattern === "dots" ? 0.55 : 1} />
          )}
          {pattern === "stripes" && (
            <path
              d="M-1 7 7-1M2 10 10 2M-4 4 4-4"
              style={{ stroke: "var(--card)" }}
              stroke-width="1.3"
              opacity="0.75"
            />
          )}
          {pattern === "dots" && <circle cx="3" cy="3" r="1.2" style={{ fill: colour }} />}
          {pattern === "hollow" && (
            <path d="M-1 7 7-1" style={{ stroke: colour }} stroke-width="0.8" opacity="0.55" />
          )}
        </pattern>
      ))}
    </defs>
  );
}

/** What the colours and patterns stand for. */
export function Legend({
  id,
  kinds,
  hasBefore = false,
}: {
  id: string;
  kinds: Readonly<Record<string, Kind>>;
  /** Columns have a line across for the period before. */
  hasBefore?: boolean;
}) {
  return (
    <ul class="legend">
      {Object.entries(kinds).map(([name, { label, colour }]) => (
        <li key={name}>
          <svg viewBox="0 0 14 10" aria-hidden="true">
            <rect
              x="0.5"
              y="0.5"
              width="13"
              height="9"
              rx="2"
              fill={`url(#${id}-${name})`}
              style={{ stroke: colour }}
            />
          </svg>
          {label}
        </li>
      ))}
      {hasBefore && (
        <li>
          <svg viewBox="0 0 14 10" aria-hidden="true">
            <path d="M0 5h14" style={{ stroke: "var(--ink)" }} stroke-width="2" />
          </svg>
          {shared.charts.before}
        </li>
      )}
    </ul>
  );
}
