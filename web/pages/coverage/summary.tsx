import { count, durationS, percent } from "../../parts/format.ts";
import { words } from "../../texts/coverage.ts";
import { Legend } from "./kinds.tsx";
import { type Amount, expectedS, knownShare, type Row, sumOf } from "./rows.ts";

const summary = words.summary;

/** How much is known of all vehicles that are shown. */
export function Summary({ rows }: { rows: readonly Row[] }) {
  const all = sumOf(rows.map(({ total }) => total));
  const share = knownShare(all);
  const underway = rows.filter(({ total }) => expectedS(total) > 0).length;
  const gaps = rows.reduce(
    (sum, row) => ({
      open: sum.open + row.gaps.open,
      filled: sum.filled + row.gaps.filled,
      none: sum.none + row.gaps.none,
    }),
    { open: 0, filled: 0, none: 0 },
  );
  return (
    <section class="card coverage-summary" aria-label={summary.title}>
      <p class="coverage-known">
        {share === null ? (
          <span>{summary.nothing}</span>
        ) : (
          <>
            <strong class="figures">{percent(share, share > 0.9 && share < 1 ? 1 : 0)}</strong>{" "}
            <span>{summary.known}</span>
          </>
        )}
      </p>
      <Amounts of={all} />
      <p class="soft small figures">
        {summary.vehicles(underway, count(underway))}
        {" · "}
        {summary.gaps}: {gapWords(gaps)}
      </p>
      <Legend />
    </section>
  );
}

/** How many gaps are how far; what there is none of is left out. */
export function gapWords(gaps: Row["gaps"]): string {
  const states = (["open", "filled", "none"] as const).filter((state) => gaps[state] > 0);
  return states.map((state) => summary.gapStates[state](count(gaps[state]))).join(" · ") || summary.noGaps;
}

/** Under way, and what is known of it. */
export function Amounts({ of }: { of: Amount }) {
  return (
    <dl class="coverage-amounts">
      <Figure label={words.expected} s={expectedS(of)} kind={null} />
      <Figure label={words.have} s={of.haveS} kind="have" />
      <Figure label={words.recovered} s={of.recoveredS} kind="recovered" />
      <Figure label={words.missing} s={of.missingS} kind="missing" />
    </dl>
  );
}

function Figure({ label, s, kind }: { label: string; s: number; kind: string | null }) {
  return (
    <div>
      <dt>
        {kind && <span class="coverage-swatch" data-kind={kind} aria-hidden="true" />}
        {label}
      </dt>
      <dd class="figures">{durationS(s)}</dd>
    </div>
  );
}
