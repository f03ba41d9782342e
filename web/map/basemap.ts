// The outlines and towns that the product brings along. What reads them comes after the first view.

export type Line = [lng: number, lat: number][];

/** A name, its place, and from which zoom (of 256 px tiles) it may be shown. */
export type NameRow = [name: string, lng: number, lat: number, zoom?: number];

/** As basemap.json has it. */
export interface Packed {
  scale: number;
  near: [number, number, number, number];
  far: [number, number, number, number];
  land: string[];
  borders: string[];
  farLand: string[];
  farBorders: string[];
  lakes: string[];
  countries: NameRow[];
  waters: NameRow[];
  places: NameRow[];
}

export interface Basemap extends Pick<Packed, "near" | "countries" | "waters" | "places"> {
  land: Line[];
  /** The same without the cuts along the frame of the layer. */
  coast: Line[];
  borders: Line[];
  /** Coarse, for what lies outside `near`. */
  farLand: Line[];
  farCoast: Line[];
  farBorders: Line[];
  lakes: Line[];
}

let asked: Promise<Basemap> | null = null;

/** The outlines and towns that the product brings along; asked for once. */
export function loadBasemap(): Promise<Basemap> {
  asked ??= import("./read-basemap.ts")
    .then(({ readBasemap }) => readBasemap())
    .catch((error: unknown) => {
      asked = null;
      throw error;
    });
  return asked;
}
