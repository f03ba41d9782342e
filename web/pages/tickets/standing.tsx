import { shortDurationS } from "../../parts/format.ts";
import type { Answers } from "../../shell/api.ts";
import { words } from "../../texts/tickets.ts";

type Ticket = Answers["Ticket"];

/** How a ticket stands: whether it is open, and whether somebody was there. */
export type Standing = keyof typeof words.standing;

export function standingOf({ isOpen, isOverdue, visit }: Ticket): Standing {
  const visited = visit?.visited ?? null;
  if (isOpen) return visited ? "there" : isOverdue ? "overdue" : "waiting";
  if (visited === null) return "unsure";
  return visited ? "done" : "unvisited";
}

/**
 * Colour, sign and whether it is filled: on the map and in the list the same, and never the colour alone. The map draws signs
 * from the device's fonts: each is in all of them, as ✓ is not.
 */
export const LOOKS: Record<Standing, { colour: string; sign: string; isFull: boolean }> = {
  overdue: { colour: "var(--bad)", sign: "!", isFull: true },
  waiting: { colour: "var(--accent)", sign: "", isFull: false },
  there: { colour: "var(--ok)", sign: "√", isFull: false },
  done: { colour: "var(--ok)", sign: "√", isFull: true },
  unvisited: { colour: "var(--warn)", sign: "×", isFull: true },
  unsure: { colour: "var(--unknown)", sign: "?", isFull: false },
};

/** The signs as lines, on 16 × 16: letters of a font would stand differently on every device. */
const SIGNS: Record<string, string> = {
  "!": "M8 4.500v4.500M8 11.300v.3",
  "√": "M5 8.300 7.200 10.500 11 5.800",
  "×": "M5.600 5.600l4.800 4.800M10.400 5.600 5.600 10.400",
  "?": "M6.200 6.400a1.900 1.900 0 1 1 2.600 1.800q-.8.4-.8 1.200M8 11.300v.3",
};

/** How it stands, as a mark; its words stand beside it, or are read out. */
export function StandingMark({ of, label = false }: { of: Standing; label?: boolean }) {
  const { colour, sign, isFull } = LOOKS[of];
  return (
    <>
      <svg
        class="tickets-mark"
        viewBox="0 0 16 16"
        aria-hidden="true"
        style={{ color: colour }}
        data-full={isFull}
      >
        <circle cx="8" cy="8" r="6.500" />
        <path d={SIGNS[sign] ?? ""} />
      </svg>
      {label && <span class="unseen">{words.standing[of]}</span>}
    </>
  );
}

/** The same with its words. */
export function StandingBadge({ of }: { of: Standing }) {
  return (
    <span class="tickets-standing" style={{ color: LOOKS[of].colour }}>
      <StandingMark of={of} />
      {words.standing[of]}
    </span>
  );
}

/** Of a visit, in a row of the list. */
export function visitInShort({ visit, isOpen }: Ticket): string {
  const { visitShort } = words;
  if (visit === null) return visitShort.none;
  switch (visit.outcome) {
    case "visited":
      return visitShort.visited(shortDurationS(visit.durationS));
    case "elsewhere":
      return isOpen ? visitShort.elsewhereYet : visitShort.elsewhere;
    default:
      // An outcome of a newer server is one that this page has no words for.
      return visitShort[visit.outcome] ?? visit.outcome;
  }
}
