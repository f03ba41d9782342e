import { effect, type ReadonlySignal, signal } from "@preact/signals";

const STORED_AS = "tracksolid-edge.theme";
const THEMES = ["auto", "light", "dark"] as const;

export type Theme = (typeof THEMES)[number];

const chosen = signal<Theme>(stored());
const prefersDark = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(prefersDark.matches);

/** What the reader chose. */
export const theme: ReadonlySignal<Theme> = chosen;

/** Whether the page is dark now: for what is drawn on a canvas. */
export const isDark = (): boolean => (chosen.value === "auto" ? systemIsDark.value : chosen.value === "dark");

export function setTheme(to: Theme): void {
  chosen.value = to;
  try {
    localStorage.setItem(STORED_AS, to);
  } catch {
    // It lasts until the page is closed.
  }
}

/** Begins to keep the page in its colours (styles/tokens.css). */
export function startTheme(): void {
  prefersDark.addEventListener("change", ({ matches }) => {
    systemIsDark.value = matches;
  });
  effect(() => {
    if (chosen.value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen.value;
    // The bar of a phone's browser goes with the page's choice, not with the device's.
    for (const meta of document.querySelectorAll<HTMLMetaElement>("meta[name='theme-color']"))
      meta.content = isDark() ? "#131b24" : "#ffffff";
  });
}

function stored(): Theme {
  try {
    const word = localStorage.getItem(STORED_AS);
    return THEMES.find((theme) => theme === word) ?? "auto";
  } catch {
    return "auto";
  }
}
