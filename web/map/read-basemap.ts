// Reads basemap.json: lines packed as text (differences in 1/scale degrees, five bits a character).

import basemapUrl from "../basemap.json?url";
import type { Basemap, Line, Packed } from "./basemap.ts";

function unpack(text: string, scale: number): Line {
  const line: Line = [];
  let at = 0;
  const next = () => {
    let value = 0;
    let shift = 0;
    let bits = 0;
    do {
      bits = text.charCodeAt(at++) - 63;
      value |= (bits & 31) << shift;
      shift += 5;
    } while (bits >= 32);
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  let [lng, lat] = [0, 0];
  while (at < text.length) {
    lng += next();
    lat += next();
    line.push([lng / scale, lat / scale]);
  }
  return line;
}

/** Cuts lines where they run along the box: cuts of a layer are no coasts. */
function withoutCuts(lines: Line[], [west, south, east, north]: Packed["near"]): Line[] {
  const isCut = (a: Line[0], b: Line[0]) =>
    (a[0] === b[0] && (a[0] === west || a[0] === east)) ||
    (a[1] === b[1] && (a[1] === south || a[1] === north));
  return lines.flatMap((line) => {
    const parts: Line[] = [];
    line.forEach((point, i) => {
      const before = line[i - 1];
      if (before && !isCut(before, point)) parts.at(-1)?.push(point);
      else parts.push([point]);
    });
    return parts.filter((part) => part.length > 1);
  });
}

/** @throws when it does not come */
export async function readBasemap(): Promise<Basemap> {
  const response = await fetch(basemapUrl);
  if (!response.ok) throw new Error(`${basemapUrl}: ${response.status}`);
  const packed = (await response.json()) as Packed;
  const { near, far, countries, waters, places } = packed;
  const lines = (texts: string[]) => texts.map((text) => unpack(text, packed.scale));
  const [land, farLand] = [lines(packed.land), lines(packed.farLand)];
  return {
    ...{ near, countries, waters, places, land, farLand },
    coast: withoutCuts(land, near),
    borders: lines(packed.borders),
    farCoast: withoutCuts(farLand, far),
    farBorders: lines(packed.farBorders),
    lakes: lines(packed.lakes),
  };
}
