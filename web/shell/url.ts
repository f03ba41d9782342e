import { batch, type ReadonlySignal, signal } from "@preact/signals";

/** Browsers refuse more than some hundred changes of the address in half a minute; a map that is dragged makes more. */
const WRITE_AFTER_MS = 250;

/** How the page that is shown came to be shown. */
export type Move = { kind: "first" | "followed" | "back"; scrollY: number };

interface EntryState {
  entry: number;
  scrollY: number;
}

const at = signal(location.pathname);
const words = signal(queryNow());
const moved = signal<Move>({ kind: "first", scrollY: entryState()?.scrollY ?? 0 });

/** Path of the page that is shown. */
export const path: ReadonlySignal<string> = at;
/** The state of the view: what is chosen on it, by name. */
export const query: ReadonlySignal<Readonly<Record<string, string>>> = words;
/** The last change of page, by a link or by the browser's buttons. */
export const lastMove: ReadonlySignal<Move> = moved;

/** Where each entry of this tab's history was scrolled to. */
const scrolled = new Map<number, number>();
let entry = entryState()?.entry ?? 1;
let newest = entry;
let writing: ReturnType<typeof setTimeout> | undefined;

/**
 * Changes some words of the view's state; null takes one away. Replaces the entry of the browser's history unless
 * `replace` is false.
 */
export function setQuery(changes: Record<string, string | null>, { replace = true } = {}): void {
  const next = { ...words.value };
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") delete next[name];
    else next[name] = value;
  }
  const same = href(at.value, next) === href(at.value, words.value);
  if (same) return;
  if (!replace) {
    push(at.value, next);
    return;
  }
  words.value = next;
  clearTimeout(writing);
  writing = setTimeout(writeNow, WRITE_AFTER_MS);
}

/** Shows another page, or the same with another state. */
export function go(toPath: string, toQuery: Record<string, string> = {}): void {
  batch(() => {
    moved.value = { kind: "followed", scrollY: 0 };
    push(toPath, toQuery);
  });
}

/** What a link to a view says. */
export function href(toPath: string, toQuery: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(toQuery).toString();
  // Both are allowed in a query, and a link that people send to each other is easier to read with them.
  return search === "" ? toPath : `${toPath}?${search.replaceAll("%2C", ",").replaceAll("%3A", ":")}`;
}

/** Begins to listen: links of `isPage` paths are followed without loading the document anew. */
export function listenToNavigation(isPage: (path: string) => boolean): void {
  history.scrollRestoration = "manual";
  history.replaceState(stateOf(), "");
  addEventListener("scroll", () => scrolled.set(entry, scrollY), { passive: true });
  addEventListener("pagehide", () => {
    writeNow();
    history.replaceState(stateOf(), "");
  });
  addEventListener("popstate", () => {
    clearTimeout(writing);
    writing = undefined;
    const state = entryState();
    entry = state?.entry ?? 1;
    batch(() => {
      at.value = location.pathname;
      words.value = queryNow();
      moved.value = { kind: "back", scrollY: scrolled.get(entry) ?? state?.scrollY ?? 0 };
    });
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || url.hash !== "" || !isPage(url.pathname)) return;
    event.preventDefault();
    go(url.pathname, Object.fromEntries(url.searchParams));
  });
}

function push(toPath: string, toQuery: Readonly<Record<string, string>>): void {
  writeNow();
  history.replaceState(stateOf(), "");
  newest = Math.max(newest, entry) + 1;
  entry = newest;
  history.pushState({ entry, scrollY: 0 } satisfies EntryState, "", href(toPath, toQuery));
  batch(() => {
    at.value = toPath;
    words.value = { ...toQuery };
  });
}

function writeNow(): void {
  if (writing === undefined) return;
  clearTimeout(writing);
  writing = undefined;
  history.replaceState(stateOf(), "", href(at.value, words.value) + location.hash);
}

const stateOf = (): EntryState => ({ entry, scrollY: Math.round(scrollY) });

function entryState(): EntryState | null {
  const state: unknown = history.state;
  return state !== null && typeof state === "object" && "entry" in state ? (state as EntryState) : null;
}

function queryNow(): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(location.search));
}
