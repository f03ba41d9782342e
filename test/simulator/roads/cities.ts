import { curve } from "./curve.ts";
import { citiesWithRoadsFrom } from "./geojson.ts";
import { KAMPALA } from "./kampala.ts";
import { MOMBASA } from "./mombasa.ts";
import { NAIROBI } from "./nairobi.ts";
import { buildNetwork, type Network } from "./network.ts";
import type { City } from "./road.ts";

const BUILT_IN = [NAIROBI, MOMBASA, KAMPALA];

const bent = (city: City): City => ({
  ...city,
  roads: city.roads.map((road) => ({ ...road, points: curve(road.points) })),
});

let builtIn: Network[] | undefined;

/**
 * The road networks of Nairobi, Mombasa and Kampala, in that order.
 *
 * @param roadsFile GeoJSON whose lines replace the roads of the cities they are near
 */
export function cityNetworks(roadsFile?: string): Network[] {
  if (roadsFile === undefined) {
    builtIn ??= BUILT_IN.map((city) => buildNetwork(bent(city)));
    return builtIn;
  }
  return citiesWithRoadsFrom(roadsFile).map((city, i) =>
    // Lines from a file are real geometry already; only our own sparse ones are bent into curves.
    buildNetwork(city.roads === BUILT_IN[i]?.roads ? bent(city) : city),
  );
}
