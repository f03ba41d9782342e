import { Component, type ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Failed, Loading } from "../parts/states.tsx";
import { t } from "../texts/en.ts";
import { announce } from "./announce.tsx";
import { loaded, loadPage, type PageEntry, pageOf } from "./pages.ts";
import { reloadOr } from "./reload.ts";
import { pageTitle } from "./title.ts";
import { lastMove, path } from "./url.ts";

/** How long what is below may take to come before nobody expects the page to be scrolled there. */
const RESTORE_WITHIN_MS = 4_000;

/** The page of the path that is shown. */
export function PageFrame() {
  const page = pageOf(path.value);
  if (page === null) return <Nowhere />;
  return <LoadedPage key={page.name} page={page} />;
}

function LoadedPage({ page }: { page: PageEntry }) {
  const state = loaded.value[page.name] ?? { is: "loading" };
  const isReady = state.is === "ready";
  useEffect(() => loadPage(page), [page]);
  useArrival(isReady);
  if (state.is === "failed") {
    return (
      <div class="page">
        <h1 class="unseen">{t.pages[page.name].title}</h1>
        <Failed
          title={t.pages.notLoaded}
          hint={t.pages.notLoadedHint}
          onRetry={() => void reloadOr(() => loadPage(page))}
        />
      </div>
    );
  }
  if (state.is === "loading") {
    return (
      <div class="page">
        <Loading what={t.pages.loading(t.pages[page.name].name)} />
      </div>
    );
  }
  return (
    <Guarded>
      <state.Page />
    </Guarded>
  );
}

function Nowhere() {
  useArrival(true);
  return (
    <div class="page">
      <h1>{t.pages.nowhere}</h1>
      <p class="soft">{t.pages.nowhereHint}</p>
      <p>
        <a href="/">{t.pages.live.title}</a>
      </p>
    </div>
  );
}

/** Once a page is there: its heading has the focus, and it is scrolled to where it was left. */
function useArrival(isReady: boolean): void {
  const done = useRef(false);
  useLayoutEffect(() => {
    if (!isReady || done.current) return;
    done.current = true;
    const { kind, scrollY } = lastMove.peek();
    if (kind !== "first") {
      const heading = document.querySelector<HTMLElement>("main h1");
      heading?.setAttribute("tabindex", "-1");
      heading?.focus({ preventScroll: true });
      announce(pageTitle.peek());
    }
    return scrollWhenTall(scrollY);
  }, [isReady]);
}

/** Scrolls there as soon as the page is long enough, unless the reader scrolls first. @returns gives it up */
function scrollWhenTall(toY: number): () => void {
  scrollTo(0, toY);
  if (toY === 0) return () => {};
  const closing = new AbortController();
  const { signal } = closing;
  const growing = new ResizeObserver(() => {
    if (document.documentElement.scrollHeight - innerHeight < toY) return;
    scrollTo(0, toY);
    closing.abort();
  });
  signal.addEventListener("abort", () => growing.disconnect());
  growing.observe(document.body);
  for (const own of ["wheel", "touchstart", "keydown", "pointerdown"])
    addEventListener(own, () => closing.abort(), { signal, passive: true });
  setTimeout(() => closing.abort(), RESTORE_WITHIN_MS);
  return () => closing.abort();
}

/** An error of one page leaves the others, and the way to them. */
class Guarded extends Component<{ children: ComponentChildren }, { failed: boolean }> {
  override state = { failed: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ failed: true });
  }

  render() {
    if (!this.state.failed) return this.props.children;
    return (
      <div class="page">
        <h1>{pageTitle.value}</h1>
        <Failed
          title={t.pages.broken}
          hint={t.pages.brokenHint}
          onRetry={() => this.setState({ failed: false })}
        />
      </div>
    );
  }
}
