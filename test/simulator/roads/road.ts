/** A point as GeoJSON orders it: longitude, then latitude, in degrees. */
export type LngLat = readonly [lng: number, lat: number];

/** A line vehicles may drive along, in both directions. */
export interface Road {
  name: string;
  points: LngLat[];
}

/** Where a share of every fleet lives. */
export interface City {
  name: "Nairobi" | "Mombasa" | "Kampala";
  centre: LngLat;
  /** Share of a world's vehicles; the shares of all cities add up to 1. */
  share: number;
  roads: Road[];
}

/**
 * Reads `"lng,lat lng,lat …"`, the notation the built-in roads are written in (KML's, short enough to read a
 * whole road at a glance).
 */
export function road(name: string, coordinates: string): Road {
  const points = coordinates
    .trim()
    .split(/\s+/)
    .map((pair): LngLat => {
      const [lng, lat] = pair.split(",").map(Number);
      if (lng === undefined || lat === undefined || Number.isNaN(lng + lat)) {
        throw new Error(`road "${name}": "${pair}" is not "lng,lat"`);
      }
      return [lng, lat];
    });
  return { name, points };
}
