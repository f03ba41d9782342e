import { useState } from "preact/hooks";
import { count } from "../../parts/format.ts";
import { ingest } from "../../texts/ingest.ts";

/** As much of a long one as tells what it is. */
const SHOWN = 400;

/** Characters that are not seen, or that turn around what follows them; lines may end. */
const UNSEEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of others with what would not be seen of it written out. @example visible("a\u202eb") // "a\\u202eb" */
export const visible = (text: string): string =>
  text.replace(UNSEEN, (unseen) => `\\u${unseen.codePointAt(0)?.toString(16).padStart(4, "0")}`);

/** Text as it was sent by whoever, which may be long and hostile: shown as text, its beginning first. */
export function Raw({ text, label, shown = SHOWN }: { text: string; label: string; shown?: number }) {
  const [isAll, setAll] = useState(false);
  const isLong = text.length > shown;
  return (
    <div class="raw">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section tabIndex={0} aria-label={label}>
        <code>{visible(isLong && !isAll ? `${text.slice(0, shown)}…` : text)}</code>
      </section>
      {isLong && (
        <button type="button" class="button plain" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? ingest.showLess : ingest.showAll(count(text.length))}
        </button>
      )}
    </div>
  );
}
