// Which style the map has: one that is configured, our own over tiles that are configured, or the one without any service.

import type { Answers } from "../../client/index.js";
import type { Basemap } from "../basemap.ts";
import type { Style } from "../engine.ts";
import type { Palette } from "../palette.ts";
import { baseStyle } from "./base.ts";
import { outlineStyle } from "./outlines.ts";

type Settings = Answers["Session"]["map"];

/** The worker that reads tiles knows no page to read a path from. */
const absolute = (tiles: string) => (tiles.startsWith("/") ? location.origin + tiles : tiles);

export function styleOf(settings: Settings | null, basemap: Basemap | null, palette: Palette): Style {
  if (settings?.styleUrl) return settings.styleUrl;
  if (settings?.base) {
    return baseStyle({ ...settings.base, tiles: absolute(settings.base.tiles) }, palette);
  }
  const tracks = settings ? { ...settings.tracks, tiles: absolute(settings.tracks.tiles) } : null;
  return outlineStyle(basemap, tracks, palette);
}
