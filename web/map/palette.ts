// The colours of the maps; the page's own are in styles/tokens.css, and those of a status come from there.

import { STATUS_ORDER, type Status } from "../parts/badge.tsx";

export interface Palette {
  isDark: boolean;
  ocean: string;
  land: string;
  green: string;
  built: string;
  lake: string;
  shore: string;
  border: string;
  road: string;
  majorRoad: string;
  track: string;
  country: string;
  water: string;
  place: string;
  minorPlace: string;
  halo: string;
  ink: string;
  card: string;
  outline: string;
  select: string;
  status: Record<Status, string>;
}

const dark: Omit<Palette, "status"> = {
  isDark: true,
  ocean: "#0b1520",
  land: "#18222e",
  green: "#182a2a",
  built: "#1f2b38",
  lake: "#0d1b29",
  shore: "#3f6480",
  border: "#6d8298",
  road: "#2b3948",
  majorRoad: "#3d4f62",
  track: "#5c7690",
  country: "#93a6ba",
  water: "#6fa0c4",
  place: "#dbe5ee",
  minorPlace: "#aebdcc",
  halo: "#101a25",
  ink: "#e6eef6",
  card: "#0f1925",
  outline: "#0c1520",
  select: "#ffffff",
};

const light: Omit<Palette, "status"> = {
  isDark: false,
  ocean: "#cbdae6",
  land: "#f6f4ef",
  green: "#e3ecdb",
  built: "#ebe8e1",
  lake: "#bed3e3",
  shore: "#93aec4",
  border: "#8a97a5",
  road: "#ffffff",
  majorRoad: "#fbe7bd",
  track: "#9aaab8",
  country: "#5f7183",
  water: "#34628a",
  place: "#1c2836",
  minorPlace: "#46586a",
  halo: "#fbfaf6",
  ink: "#14202c",
  card: "#ffffff",
  outline: "#ffffff",
  select: "#14202c",
};

/** The palette of a theme, with the page's own colours for a status. */
export function paletteOf(isDark: boolean): Palette {
  const probe = document.createElement("i");
  document.body.append(probe);
  // A token may be written for both themes: only a colour that is in use is one that a canvas can read.
  const colourOf = (status: Status) => {
    probe.style.color = `var(--${status})`;
    return getComputedStyle(probe).color;
  };
  const status = Object.fromEntries(STATUS_ORDER.map((one) => [one, colourOf(one)]));
  probe.remove();
  return { ...(isDark ? dark : light), status: status as Record<Status, string> };
}

/** One family for all canvases: what the reader's system already has, nothing to download. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
