import { askForKey } from "../../shell/key.ts";
import { session } from "../../shell/session.ts";
import { t } from "../../texts/en.ts";
import { ingest } from "../../texts/ingest.ts";

/** What the caller may not see, and which scope is missing. */
export function Refused() {
  const onlyReads = session.value?.mode === "reader";
  return (
    <section class="card state">
      <svg class="state-mark" viewBox="0 0 40 40" aria-hidden="true">
        <path d="M11 18h18v15H11ZM14 18v-5a6 6 0 0 1 12 0v5" />
      </svg>
      <h2>{ingest.refusedTitle}</h2>
      <p class="soft">{onlyReads ? ingest.refusedReader : ingest.refused("admin")}</p>
      {!onlyReads && (
        <button type="button" class="button" onClick={() => askForKey(null)}>
          {t.menu.otherKey}
        </button>
      )}
    </section>
  );
}
