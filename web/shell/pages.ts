import { signal } from "@preact/signals";
import type { ComponentType } from "preact";

/** The pages, in the order of the navigation. */
export type PageName = "live" | "history" | "fleet" | "tickets" | "today" | "coverage" | "ingest";

export interface PageEntry {
  name: PageName;
  path: string;
  load: () => Promise<{ default: ComponentType }>;
}

export const PAGES: readonly PageEntry[] = [
  { name: "live", path: "/", load: () => import("../pages/live/page.tsx") },
  { name: "history", path: "/history", load: () => import("../pages/history/page.tsx") },
  { name: "fleet", path: "/fleet", load: () => import("../pages/fleet/page.tsx") },
  { name: "tickets", path: "/tickets", load: () => import("../pages/tickets/page.tsx") },
  { name: "today", path: "/today", load: () => import("../pages/today/page.tsx") },
  { name: "coverage", path: "/coverage", load: () => import("../pages/coverage/page.tsx") },
  { name: "ingest", path: "/ingest", load: () => import("../pages/ingest/page.tsx") },
];

/** The page of a path; null where there is none. */
export function pageOf(path: string): PageEntry | null {
  const plain = path.length > 1 ? path.replace(/\/$/, "") : path;
  return PAGES.find((page) => page.path === plain) ?? null;
}

/** A page's code as far as it is here. */
export type Loaded = { is: "loading" } | { is: "ready"; Page: ComponentType } | { is: "failed" };

/** What has been loaded of each page. */
export const loaded = signal<Readonly<Partial<Record<PageName, Loaded>>>>({});

/** Loads a page's code, once. */
export function loadPage(page: PageEntry): void {
  const before = loaded.value[page.name]?.is;
  if (before === "ready" || before === "loading") return;
  become(page, { is: "loading" });
  page.load().then(
    ({ default: Page }) => become(page, { is: "ready", Page }),
    (error: unknown) => {
      console.error(error);
      become(page, { is: "failed" });
    },
  );
}

function become(page: PageEntry, state: Loaded): void {
  loaded.value = { ...loaded.value, [page.name]: state };
}
