import { describe, expect, it } from "vitest";
import { mapConfig } from "../../shared/map-config.ts";
import { problemsOf } from "./problems.ts";

describe("mapConfig", () => {
  it("may be empty", () => {
    for (const env of [{}, { MAP_STYLE_URL: "", MAP_TILES: " ", MAP_ORIGINS: " , " }]) {
      expect(mapConfig(env)).toEqual({ styleUrl: null, tilesKey: null, origins: [] });
    }
  });

  it("lets pages ask the host of the style, and those that the style names", () => {
    expect(
      mapConfig({
        MAP_STYLE_URL: "https://tiles.example.com:8443/v1/style.json?key=x",
        MAP_TILES: "maps/east-africa.pmtiles",
        MAP_ORIGINS: "https://fonts.example.com, https://a.example.com\nhttps://tiles.example.com:8443",
      }),
    ).toEqual({
      styleUrl: "https://tiles.example.com:8443/v1/style.json?key=x",
      tilesKey: "maps/east-africa.pmtiles",
      origins: ["https://tiles.example.com:8443", "https://fonts.example.com", "https://a.example.com"],
    });
  });

  it.each([
    ...[
      "tiles.example.com/style.json",
      "http://tiles.example.com/style.json",
      "javascript:alert(1)",
      "/style.json",
    ],
    ...["https://user:pass@tiles.example.com/style.json", "data:application/json,{}", "https://"],
    ...["https://a;script-src.example.com/style.json", "https://*.example.com/style.json"],
  ])("refuses %s as a style", (MAP_STYLE_URL) => {
    expect(problemsOf(() => mapConfig({ MAP_STYLE_URL }))).toEqual([
      expect.stringContaining("MAP_STYLE_URL is not the URL of a style: write it like https://"),
    ]);
  });

  it.each(["/maps/a.pmtiles", "maps/a.mbtiles", "a", ".pmtiles", `${"a".repeat(1_024)}.pmtiles`])(
    "refuses %s as a file",
    (MAP_TILES) => {
      expect(problemsOf(() => mapConfig({ MAP_TILES }))).toEqual([
        expect.stringContaining("MAP_TILES is not the key of a PMTiles file"),
      ]);
    },
  );

  it.each([
    ...[
      "*",
      "https:",
      "https://*.example.com",
      "http://a.example.com",
      "https://a.example.com/",
      "'unsafe-inline'",
    ],
    ...[
      "https://a.example.com;script-src",
      "https://a.example.com;",
      "https://A.example.com",
      "a.example.com",
      "data:",
    ],
  ])("lets no header say %s", (MAP_ORIGINS) => {
    expect(problemsOf(() => mapConfig({ MAP_ORIGINS }))).toEqual([
      expect.stringContaining("MAP_ORIGINS holds what is no origin"),
    ]);
  });
});
