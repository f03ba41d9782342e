import { useState } from "preact/hooks";
import { count } from "../../parts/format.ts";
import { Answered } from "../../parts/states.tsx";
import { dateTime } from "../../parts/time.ts";
import { useAnswer } from "../../shell/answer.ts";
import { type Answers, ask } from "../../shell/api.ts";
import { ingest } from "../../texts/ingest.ts";
import { SLOWLY_MS } from "./now.ts";
import { Raw, visible } from "./raw.tsx";
import { Redrive } from "./redrive.tsx";

type Item = Answers["RejectedItems"]["items"][number];

const words = ingest.rejected;
const STEP = 10;
/** Who looks for one among more asks the API. */
const MOST = 640;

/** Rejected items one by one, each as it was sent. */
export function RejectedItems({
  filter,
  all,
  onDone,
}: {
  filter: { reason: string | undefined; kind: string | undefined };
  all: number;
  onDone: () => void;
}) {
  const [limit, setLimit] = useState(STEP);
  const items = useAnswer(
    `ingest rejected ${filter.reason} ${filter.kind} ${limit}`,
    (signal) => ask("RejectedItems", "/v1/rejected", { ...filter, limit }, { signal }),
    { everyMs: SLOWLY_MS },
  );
  const reload = () => {
    items.reload();
    onDone();
  };
  return (
    <Answered of={items} minHeightPx={300}>
      {(page) => (
        <div class="stack">
          <p class="soft small">
            {count(page.items.length)} / {count(all)}, {words.oldestFirst}
          </p>
          <ul class="entries">
            {page.items.map((item) => (
              <Entry key={item.id} item={item} onDone={reload} />
            ))}
          </ul>
          {page.next !== null && limit < MOST && (
            <button type="button" class="button" disabled={items.isOld} onClick={() => setLimit(limit * 4)}>
              {ingest.more}
            </button>
          )}
        </div>
      )}
    </Answered>
  );
}

/** Whatever it holds is text. */
function Entry({ item, onDone }: { item: Item; onDone: () => void }) {
  const { imei, reason, kind, account, receivedAt, detail } = item;
  return (
    <li>
      <header class="card-head">
        <p>
          <strong class="figures">{imei === null ? words.noImei : visible(imei)}</strong>{" "}
          <span class="soft">
            {[kind, account && visible(account), dateTime(receivedAt)].filter(Boolean).join(" · ")}
          </span>
        </p>
        <Redrive
          path="/v1/rejected"
          body={{ ids: [item.id] }}
          label={words.redriveOne}
          explain={words.explainOne}
          onDone={onDone}
        />
      </header>
      <p>
        <code>{reason}</code>: {visible(detail)}
      </p>
      <Raw text={item.item} label={words.raw} />
    </li>
  );
}
