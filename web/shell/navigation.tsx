import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import type { Menu as MenuOf } from "./menu.tsx";
import { PageLink } from "./page-link.tsx";
import { PAGES, pageOf } from "./pages.ts";
import { reloadOr } from "./reload.ts";
import { path } from "./url.ts";

/** A phone's bar has room for these; the menu has the others. */
const ON_PHONES = ["live", "history", "fleet", "tickets"];

const MENU_ID = "menu";

const menu = signal<{ Menu: typeof MenuOf } | null>(null);

/** Its code comes after the first view. Where that fails, it is tried again when somebody wants it. */
function loadMenu(onFailed?: () => void): void {
  if (menu.value !== null) return;
  import("./menu.tsx").then(
    (part) => {
      menu.value = part;
    },
    (error: unknown) => {
      console.warn("The menu could not be loaded.", error);
      onFailed?.();
    },
  );
}

/** Links to the pages: a rail at the side, on phones a bar at the bottom. */
export function Navigation() {
  const here = pageOf(path.value);
  const Menu = menu.value?.Menu;
  const isWanted = useRef(false);
  useEffect(() => loadMenu(), []);
  useLayoutEffect(() => {
    if (Menu && isWanted.current) document.getElementById(MENU_ID)?.showPopover();
  }, [Menu]);
  const behindMenu = here !== null && !ON_PHONES.includes(here.name);
  return (
    <nav class="rail" aria-label={t.pages.navigation}>
      <span class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M16 4.5 25.5 27 16 22 6.5 27z" />
        </svg>
      </span>
      <ul>
        {PAGES.map((page) => (
          <li key={page.name} class={ON_PHONES.includes(page.name) ? "" : "wide-only"}>
            <PageLink page={page} isHere={page === here} />
          </li>
        ))}
      </ul>
      <button
        type="button"
        class={`rail-link menu-button${behindMenu ? " has-here" : ""}`}
        popovertarget={Menu && MENU_ID}
        aria-haspopup="true"
        onClick={() => {
          isWanted.current = !Menu;
          loadMenu(() => void reloadOr(() => {}));
        }}
      >
        <span class="phone-only">
          <Icon of="more" />
        </span>
        <span class="wide-only">
          <Icon of="settings" />
        </span>
        <span class="phone-only">{t.opensMenu}</span>
        <span class="wide-only">{t.menu.name}</span>
      </button>
      {Menu && (
        <Menu id={MENU_ID} pages={PAGES.filter(({ name }) => !ON_PHONES.includes(name))} here={here} />
      )}
    </nav>
  );
}
