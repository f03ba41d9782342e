import * as z from "zod";
import { oncePerEnv } from "./config.ts";

/** R2 takes no longer one. */
const MOST_KEY_CHARACTERS = 1_024;

/** What the console's map lies on. All of it may be empty: the map then shows the roads that the fleet drove. */
const map = z
  .object({
    MAP_STYLE_URL: z
      .string()
      .default("")
      .transform((text) => text.trim())
      .refine(
        (text) => text === "" || isHttps(text),
        "MAP_STYLE_URL is not the URL of a style: write it like https://tiles.example.com/style.json in wrangler.toml, without a password, or leave it empty",
      ),
    MAP_TILES: z
      .string()
      .default("")
      .transform((text) => text.trim())
      .refine(
        (text) => text === "" || (/^[^/\s].*\.pmtiles$/.test(text) && text.length <= MOST_KEY_CHARACTERS),
        "MAP_TILES is not the key of a PMTiles file: write it like maps/east-africa.pmtiles in wrangler.toml, as it is in the bucket, or leave it empty",
      ),
    MAP_ORIGINS: z
      .string()
      .default("")
      .transform((text) => text.split(/[\s,]+/).filter(Boolean))
      // They become part of a header of every page: nothing but an origin may stand there.
      .refine(
        (entries) => entries.every(isOrigin),
        "MAP_ORIGINS holds what is no origin: list those that the style names for tiles, glyphs and sprites, like https://fonts.example.com, without a path",
      ),
  })
  .transform(({ MAP_STYLE_URL, MAP_TILES, MAP_ORIGINS }) => {
    const styleUrl = MAP_STYLE_URL === "" ? null : new URL(MAP_STYLE_URL);
    return {
      styleUrl: styleUrl?.href ?? null,
      tilesKey: MAP_TILES || null,
      /** Whom a page may ask beside its own host. */
      origins: [...new Set([...(styleUrl === null ? [] : [styleUrl.origin]), ...MAP_ORIGINS])],
    };
  });

/** What the console's map lies on. */
export type MapConfig = z.output<typeof map>;

/** Parses what the console's map lies on, once per isolate. @throws Misconfigured */
export const mapConfig = oncePerEnv(map);

/** A page reads it: what it may not tell must not stand in it. */
function isHttps(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  // A quote or a semicolon in a host would end the directive that it becomes part of.
  return url?.protocol === "https:" && url.username === "" && url.password === "" && isOrigin(url.origin);
}

function isOrigin(entry: string): boolean {
  return /^https:\/\/[a-z0-9.:[\]-]+$/.test(entry) && URL.canParse(entry) && new URL(entry).origin === entry;
}
