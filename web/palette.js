// @ts-check
// The colours of the canvases; the page's own are in layout.css and agree with these.

const dark = {
  ocean: "#0a131e",
  land: "#17222f",
  lake: "#0c1927",
  shore: "#5f93b5",
  shoreAlpha: 0.5,
  surf: "#3f7fa8",
  border: "#8fa8c0",
  borderAlpha: 0.34,
  grid: "rgba(140,170,200,0.075)",
  gridText: "rgba(150,178,205,0.42)",
  country: "rgba(165,188,212,0.40)",
  water: "rgba(110,160,200,0.55)",
  place: "rgba(214,226,238,0.86)",
  minorPlace: "rgba(176,194,212,0.66)",
  halo: "rgba(13,22,33,0.92)",
  ink: "#e6eef6",
  card: "rgba(15,25,37,0.90)",
  outline: "#0c1520",
  trail: "#4aa9c4",
  select: "#ffffff",
  status: { moving: "#3ddc97", idling: "#ffb84d", parked: "#86a3c3", silent: "#8290a0", unknown: "#8290a0" },
};

/** @type {typeof dark} */
const light = {
  ocean: "#c6d7e4",
  land: "#f5f3ed",
  lake: "#bcd2e3",
  shore: "#7f9fb8",
  shoreAlpha: 0.8,
  surf: "#f2f8fc",
  border: "#6e7f90",
  borderAlpha: 0.5,
  grid: "rgba(60,90,120,0.10)",
  gridText: "rgba(50,75,100,0.55)",
  country: "rgba(80,98,118,0.55)",
  water: "rgba(52,98,138,0.75)",
  place: "rgba(28,40,54,0.92)",
  minorPlace: "rgba(66,82,100,0.82)",
  halo: "rgba(250,249,245,0.92)",
  ink: "#14202c",
  card: "rgba(255,255,255,0.94)",
  outline: "#ffffff",
  trail: "#2f88ad",
  select: "#14202c",
  status: { moving: "#0a9a5e", idling: "#d27a00", parked: "#55748f", silent: "#8b96a2", unknown: "#8b96a2" },
};

/** @typedef {typeof dark} Palette */

const prefersLight = matchMedia("(prefers-color-scheme: light)");

/** @returns {Palette} */
export const currentPalette = () => (prefersLight.matches ? light : dark);

/** @param {() => void} listener */
export const onPaletteChange = (listener) => prefersLight.addEventListener("change", listener);

/** One family for both canvases: what the reader's system already has, nothing to download. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
