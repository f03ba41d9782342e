import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../texts/en.ts";
import { pageOf } from "./pages.ts";
import { path } from "./url.ts";

const detail = signal<string | null>(null);

/** Name of the page that is shown. */
export const pageTitle = computed(() => {
  const page = pageOf(path.value);
  return page ? t.pages[page.name].title : t.pages.nowhere;
});

/** Puts what a page shows now, such as a vehicle's plate, before its name in the tab's title. */
export function useTitle(what: string | null): void {
  useEffect(() => {
    detail.value = what;
    return () => {
      detail.value = null;
    };
  }, [what]);
}

/** Keeps the tab's title. @returns ends it */
export const keepTitle = (): (() => void) =>
  effect(() => {
    const parts = [detail.value, pageTitle.value, t.product];
    document.title = parts.filter((part) => part !== null && part !== "").join(" · ");
  });
