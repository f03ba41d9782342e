import { t } from "../texts/en.ts";
import { Icon } from "./icons.tsx";
import { loadPage, type PageEntry } from "./pages.ts";

/** Its code is fetched as soon as somebody is about to follow it. */
export function PageLink({ page, isHere }: { page: PageEntry; isHere: boolean }) {
  return (
    <a
      class="rail-link"
      href={page.path}
      aria-current={isHere ? "page" : undefined}
      onPointerEnter={() => loadPage(page)}
      onFocus={() => loadPage(page)}
    >
      <Icon of={page.name} />
      <span>{t.pages[page.name].name}</span>
    </a>
  );
}
