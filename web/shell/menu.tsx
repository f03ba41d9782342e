import { useRef } from "preact/hooks";
import { Segmented } from "../parts/segmented.tsx";
import { dateTime, zoneName } from "../parts/time.ts";
import { t } from "../texts/en.ts";
import "../styles/menu.css";
import { askForKey, giveKey, storedKey } from "./key.ts";
import { PageLink } from "./page-link.tsx";
import type { PageEntry } from "./pages.ts";
import { session, zone } from "./session.ts";
import { setTheme, type Theme, theme } from "./theme.ts";

const THEMES: readonly Theme[] = ["auto", "light", "dark"];

/** What is set once and looked at seldom: colours, who is signed in, and on phones the pages that the bar has no room for. */
export function Menu({
  id,
  pages,
  here,
}: {
  id: string;
  pages: readonly PageEntry[];
  here: PageEntry | null;
}) {
  const box = useRef<HTMLDivElement>(null);
  const close = () => box.current?.hidePopover();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a key on a link or a button comes as a click.
    <div
      id={id}
      ref={box}
      class="menu"
      popover="auto"
      role="dialog"
      aria-label={t.menu.name}
      // A link that was followed has led away from here.
      onClick={(event) =>
        event.target instanceof Element && event.target.closest("a, [data-closes]") && close()
      }
    >
      <ul class="menu-pages phone-only">
        {pages.map((page) => (
          <li key={page.name}>
            <PageLink page={page} isHere={page === here} />
          </li>
        ))}
      </ul>
      <Segmented
        label={t.menu.theme}
        showLabel
        options={THEMES.map((value) => ({ value, label: t.menu.themes[value] }))}
        value={theme.value}
        onChange={setTheme}
      />
      <Caller />
      <p class="row">
        <button type="button" class="button" data-closes onClick={() => askForKey(null)}>
          {t.menu.otherKey}
        </button>
        {storedKey() !== null && (
          <button type="button" class="button" data-closes onClick={forgetKey}>
            {t.menu.forgetKey}
          </button>
        )}
        <a class="button plain" href="/docs" target="_blank" rel="noreferrer">
          {t.menu.api}
        </a>
      </p>
    </div>
  );
}

/** What was shown to who had the key is not left for the next to see. */
function forgetKey(): void {
  giveKey(null);
  location.reload();
}

function Caller() {
  const known = session.value;
  if (known === null) return null;
  const { caller, scopes, expiresAt, environment, mode, version } = known;
  const who = caller.kind === "anonymous" ? t.menu.anonymous : (caller.email ?? caller.label ?? t.menu.key);
  return (
    <dl class="facts">
      <dt>{t.menu.signedInAs}</dt>
      <dd>{who}</dd>
      <dt>{t.menu.may}</dt>
      <dd>{scopes.join(", ") || t.menu.mayNothing}</dd>
      {expiresAt !== null && (
        <>
          <dt>{t.menu.until}</dt>
          <dd>{dateTime(expiresAt)}</dd>
        </>
      )}
      <dt>{t.menu.environment}</dt>
      <dd>{mode === "reader" ? `${environment}, ${t.menu.onlyReads}` : environment}</dd>
      <dt>{t.menu.zone}</dt>
      <dd>
        {zoneName.value} ({zone.value})
      </dd>
      <dt>{t.menu.version}</dt>
      <dd>{version.slice(0, 8)}</dd>
    </dl>
  );
}
