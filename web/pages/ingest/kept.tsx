import { Badge } from "../../parts/badge.tsx";
import { count } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import type { Answer } from "../../shell/answer.ts";
import type { Answers } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";
import { Raw } from "./raw.tsx";
import { Redrive } from "./redrive.tsx";
import { SpanOf } from "./runs.tsx";

type KeptObject = Answers["KeptObjects"]["objects"][number];

const words = ingest.kept;

const DOORS = {
  "/v1/parked": { title: words.parked, hint: words.parkedHint, none: words.noneParked },
  "/v1/dead-letters": { title: words.dead, hint: words.deadHint, none: words.noneDead },
};

/** Messages that are kept because they could not be written, and a way to write them now. */
export function Kept({ path, of }: { path: keyof typeof DOORS; of: Answer<Answers["KeptObjects"]> }) {
  const { title, hint, none } = DOORS[path];
  const id = `kept${path.replaceAll("/", "-")}`;
  const objects = of.data?.objects ?? [];
  return (
    <section class="card" aria-labelledby={id}>
      <header class="card-head">
        <div>
          <h2 id={id}>{title}</h2>
          <p class="soft small">{hint}</p>
        </div>
        {objects.length > 0 && (
          <Redrive
            path={path}
            body={{}}
            label={words.redriveAll}
            explain={words.explainAll}
            onDone={of.reload}
          />
        )}
      </header>
      <Answered
        of={of}
        minHeightPx={40}
        isEmpty={({ objects }) => objects.length === 0}
        empty={
          <p>
            <Badge tone="ok">{none}</Badge>
          </p>
        }
      >
        {(page) => (
          <ul class="entries">
            {page.objects.map((object) => (
              <Entry key={object.id} path={path} object={object} onDone={of.reload} />
            ))}
          </ul>
        )}
      </Answered>
    </section>
  );
}

function Entry({
  path,
  object,
  onDone,
}: {
  path: keyof typeof DOORS;
  object: KeptObject;
  onDone: () => void;
}) {
  const { id, reason, error, messages, items, kinds, from, to, keptAt } = object;
  return (
    <li>
      <header class="card-head">
        <p>
          <strong>{reason}</strong>{" "}
          <span class="soft">
            {words.holds(messages, count(messages), count(items))} · {kinds.join(", ")}
          </span>
        </p>
        <Redrive
          path={path}
          body={{ ids: [id] }}
          label={words.redriveOne}
          explain={words.explain(count(messages))}
          onDone={onDone}
        />
      </header>
      <p class="soft small">
        {words.received} <SpanOf from={from} to={to} /> · {words.keptAt} {dateTime(keptAt)}
      </p>
      {error && <Raw text={error} label={words.error} />}
    </li>
  );
}
