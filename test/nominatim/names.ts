/** Towns that places are said to be in; every other place is in the country. */
const TOWNS = [
  { name: "Nairobi", county: "Nairobi County", country: "Kenya", lat: -1.2864, lng: 36.8172, radiusDeg: 0.3 },
  { name: "Mombasa", county: "Mombasa County", country: "Kenya", lat: -4.0435, lng: 39.6682, radiusDeg: 0.3 },
  { name: "Kampala", county: "Central Region", country: "Uganda", lat: 0.3136, lng: 32.5811, radiusDeg: 0.3 },
];

const ROADS = [
  "Moi",
  "Kenyatta",
  "Jogoo",
  "Ngong",
  "Mbagathi",
  "Likoni",
  "Kampala",
  "Nkrumah",
  "Uhuru",
  "Nyerere",
];
const KINDS = ["Road", "Avenue", "Street", "Lane", "Highway", "Close"];
const SUBURBS = [
  "Westlands",
  "Kilimani",
  "Industrial Area",
  "Kasarani",
  "Nyali",
  "Tudor",
  "Kololo",
  "Makindye",
];

/** Roads go on for some 300 m, so that neighbouring cells share one; suburbs for 3 km. */
const ROAD_DEG = 0.003;
const SUBURB_DEG = 0.03;

/** The name of a place as Nominatim writes it, always the same for a place. */
export function displayName(lat: number, lng: number): string {
  const town = TOWNS.find(
    (candidate) => Math.hypot(lat - candidate.lat, lng - candidate.lng) < candidate.radiusDeg,
  );
  const road = `${pick(ROADS, lat, lng, ROAD_DEG, 1)} ${pick(KINDS, lat, lng, ROAD_DEG, 2)}`;
  if (town === undefined) return `${road}, Kenya`;
  const { name, county, country } = town;
  return `${road}, ${pick(SUBURBS, lat, lng, SUBURB_DEG, 3)}, ${name}, ${county}, ${country}`;
}

function pick(names: string[], lat: number, lng: number, stepDeg: number, salt: number): string {
  const mixed = Math.imul(
    Math.floor(lat / stepDeg) * 7919 + Math.floor(lng / stepDeg) * 104_729 + salt,
    0x9e3779b1,
  );
  return names[(mixed >>> 8) % names.length] ?? "";
}
