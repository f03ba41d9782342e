import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { ActionButton } from "../../parts/action.tsx";
import { count } from "../../parts/format.ts";
import { type Answers, send } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";

/** Each call works for up to 20 s: who waits longer than that many is asked whether to go on. */
const MOST_CALLS = 6;

type Kept = Answers["KeptRedriven"];
type Rejected = Answers["RejectedRedriven"];

/** What a call did: how many it wrote, how many it left. */
interface Done {
  written: number;
  left: number;
}

const DOORS = {
  "/v1/parked": { title: ingest.kept.title, result: ingest.kept.result },
  "/v1/dead-letters": { title: ingest.kept.title, result: ingest.kept.result },
  "/v1/rejected": { title: ingest.rejected.redriveTitle, result: ingest.rejected.result },
};

/** Writes what was kept or rejected now; a call after the other until nothing is left of it. */
export function Redrive({
  path,
  body,
  label,
  explain,
  onDone,
}: {
  path: keyof typeof DOORS;
  /** Which of them. */
  body: Record<string, unknown>;
  label: string;
  explain: ComponentChildren;
  onDone: () => void;
}) {
  const [going, setGoing] = useState<string | null>(null);
  const { title, result } = DOORS[path];

  async function run() {
    const sum: Done = { written: 0, left: 0 };
    let next: string | null = null;
    try {
      for (let calls = 1; calls <= MOST_CALLS; calls++) {
        setGoing(calls > 1 ? ingest.redrive.going(calls, count(sum.written)) : null);
        const after: Record<string, string> = next === null ? {} : { after: next };
        const answer: Kept | Rejected = await send("POST", `${path}/redrive`, { ...body, ...after });
        sum.written += "items" in answer ? answer.items : answer.messages;
        sum.left += "items" in answer ? answer.rejectedAgain : answer.stillHeld;
        next = answer.next;
        if (next === null) break;
      }
    } finally {
      setGoing(null);
    }
    return (
      <>
        <p>{result(count(sum.written), count(sum.left))}</p>
        {next !== null && <p>{ingest.redrive.remaining}</p>}
      </>
    );
  }

  return (
    <ActionButton
      scope="admin"
      label={label}
      title={title}
      explain={
        <>
          <p>{explain}</p>
          {going && (
            <p class="soft" role="status">
              {going}
            </p>
          )}
        </>
      }
      run={run}
      onDone={onDone}
    />
  );
}
