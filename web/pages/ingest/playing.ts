import { useEffect, useRef, useState } from "preact/hooks";
import { type Answers, ApiError, send } from "../../shell/api.ts";

type Piece = Answers["ReplayPiece"];
type TableCount = Piece["tables"][number];

/** Which messages. */
export interface Wanted {
  from: string;
  to: string;
  kinds?: string[];
}

/** How far it is, and what it did, or would do. */
export interface Played {
  wanted: Wanted;
  isDry: boolean;
  is: "going" | "stopped" | "done" | "failed";
  error: ApiError | null;
  messages: number;
  items: number;
  tables: TableCount[];
  skipped: Piece["skipped"];
  reachedAt: string | null;
  cursor: string | null;
}

/** Plays a span a piece at a time, until it is played or stopped; leaving the page stops it too. */
export function usePlaying() {
  const [played, setPlayed] = useState<Played | null>(null);
  const turn = useRef(0);
  // Whatever goes on is told that nobody waits for it any more.
  useEffect(() => () => void turn.current++, []);

  async function play(from: Played): Promise<void> {
    const mine = ++turn.current;
    let state: Played = { ...from, is: "going", error: null };
    setPlayed(state);
    while (state.is === "going") {
      state = await playPiece(state);
      if (turn.current !== mine) return;
      setPlayed(state);
    }
  }

  return {
    played,
    start: (wanted: Wanted, isDry: boolean) => void play({ ...NOTHING, wanted, isDry }),
    goOn: () => {
      if (played) void play(played);
    },
    stop: () => {
      turn.current++;
      setPlayed((now) => now && { ...now, is: "stopped" });
    },
    forget: () => {
      turn.current++;
      setPlayed(null);
    },
  };
}

const NOTHING = {
  is: "going" as const,
  ...{ error: null, messages: 0, items: 0, tables: [], skipped: [], reachedAt: null, cursor: null },
};

async function playPiece(before: Played): Promise<Played> {
  const { wanted, isDry, cursor } = before;
  try {
    const piece = await send<Piece>("POST", "/v1/replay", {
      ...wanted,
      dryRun: isDry,
      ...(cursor === null ? {} : { cursor }),
    });
    return {
      ...before,
      is: piece.cursor === null ? "done" : "going",
      messages: before.messages + piece.messages,
      items: before.items + piece.items,
      tables: added(before.tables, piece.tables),
      skipped: [...before.skipped, ...piece.skipped.filter((one) => !before.skipped.some(isSame(one)))],
      reachedAt: piece.reachedAt ?? before.reachedAt,
      cursor: piece.cursor,
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { ...before, is: "failed", error };
  }
}

type Skipped = Piece["skipped"][number];

/** The next piece may meet the same object again. */
const isSame = (one: Skipped) => (other: Skipped) => one.key === other.key && one.reason === other.reason;

function added(before: readonly TableCount[], more: readonly TableCount[]): TableCount[] {
  const sums = new Map(before.map((count) => [count.table, count]));
  for (const { table, inserted, changed, unchanged } of more) {
    const sum = sums.get(table);
    sums.set(table, {
      table,
      inserted: inserted + (sum?.inserted ?? 0),
      changed: changed + (sum?.changed ?? 0),
      unchanged: unchanged + (sum?.unchanged ?? 0),
    });
  }
  return [...sums.values()];
}
