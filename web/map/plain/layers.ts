// A page's layers on the plain canvas: lines, dots and areas in their colours, with dashes and rims, since those mean
// something, and filtered. Finer points of a style (texts, steps of zoom) are MapLibre's; here what is drawn where matters.

import type { Feature, GeoJSON, Position } from "geojson";
import { latToY, lngToX } from "../geo.ts";
import type { Projection } from "../projection.ts";
import type { DrawnLayer, MapLayer } from "../view.ts";

const REACH_PX = 14;
const USUAL_COLOUR = "#0072b2";

const featuresOf = (data: GeoJSON | undefined): Feature[] =>
  data?.type === "FeatureCollection" ? data.features : data?.type === "Feature" ? [data] : [];

/** The lines or the rings of a feature, or its points as lines of one. */
function partsOf({ geometry }: Feature): Position[][] {
  switch (geometry?.type) {
    case "Point":
      return [[geometry.coordinates]];
    case "MultiPoint":
      return geometry.coordinates.map((one) => [one]);
    case "LineString":
      return [geometry.coordinates];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
    default:
      return [];
  }
}

/** What a paint property says of a feature, where it is a value or one property's own. */
function paintOf<T extends string | number>(layer: DrawnLayer, name: string, feature: Feature, usual: T): T {
  const value = (layer.paint as Record<string, unknown> | undefined)?.[name];
  if (typeof value === typeof usual) return value as T;
  if (Array.isArray(value) && value[0] === "get")
    return (feature.properties?.[String(value[1])] as T) ?? usual;
  return usual;
}

/** Whether a layer shows a feature, as far as pages filter: by one property, or by the kind of geometry. */
function isShown(layer: DrawnLayer, { geometry, properties }: Feature): boolean {
  const [is, of, wanted]: unknown[] = "filter" in layer && Array.isArray(layer.filter) ? layer.filter : [];
  if (!Array.isArray(of)) return true;
  const value: unknown = of[0] === "geometry-type" ? geometry.type : properties?.[String(of[1])];
  return (value === wanted) === (is === "==");
}

/** In widths of the line, as a style has it. */
function dashOf(layer: DrawnLayer): number[] {
  const dash: unknown = layer.type === "line" ? layer.paint?.["line-dasharray"] : undefined;
  return Array.isArray(dash) ? dash.filter((length): length is number => typeof length === "number") : [];
}

export function drawPageLayers(ctx: CanvasRenderingContext2D, view: Projection, pages: readonly MapLayer[]) {
  ctx.lineJoin = ctx.lineCap = "round";
  for (const page of pages) {
    for (const layer of page.layers) {
      if (layer.type !== "line" && layer.type !== "circle" && layer.type !== "fill") continue;
      for (const feature of featuresOf(page.sources[layer.source])) {
        if (!isShown(layer, feature)) continue;
        ctx.globalAlpha = paintOf(layer, `${layer.type}-opacity`, feature, 1);
        const colour = paintOf(layer, `${layer.type}-color`, feature, USUAL_COLOUR);
        ctx.strokeStyle = ctx.fillStyle = colour;
        ctx.lineWidth = paintOf(layer, "line-width", feature, 2);
        ctx.setLineDash(dashOf(layer).map((length) => length * ctx.lineWidth));
        ctx.beginPath();
        for (const part of partsOf(feature)) {
          part.forEach(([lng = 0, lat = 0], i) => {
            const [x, y] = [view.px(lngToX(lng)), view.py(latToY(lat))];
            if (layer.type === "circle") {
              const radius = paintOf(layer, "circle-radius", feature, 5);
              ctx.moveTo(x + radius, y);
              ctx.arc(x, y, radius, 0, 2 * Math.PI);
            } else if (i === 0) ctx.moveTo(x, y);
            else ctx.lineTo(x, y);
          });
        }
        if (layer.type === "line") ctx.stroke();
        else ctx.fill("evenodd");
        const rimPx = layer.type === "circle" ? paintOf(layer, "circle-stroke-width", feature, 0) : 0;
        if (rimPx > 0) {
          ctx.globalAlpha = 1;
          ctx.lineWidth = rimPx;
          ctx.strokeStyle = paintOf(layer, "circle-stroke-color", feature, colour);
          ctx.stroke();
        }
      }
    }
  }
  ctx.globalAlpha = 1;
  ctx.setLineDash([]);
}

/** The topmost feature of a layer that can be clicked on, near a pixel. */
export function featureAt(view: Projection, pages: readonly MapLayer[], px: number, py: number) {
  for (const layer of [...pages].reverse()) {
    if (!layer.onClick) continue;
    for (const data of Object.values(layer.sources)) {
      for (const feature of featuresOf(data)) {
        const isNear = partsOf(feature).some((part) =>
          part.some(
            ([lng = 0, lat = 0]) =>
              Math.hypot(view.px(lngToX(lng)) - px, view.py(latToY(lat)) - py) < REACH_PX,
          ),
        );
        if (isNear) return { layer, properties: { ...feature.properties } as Record<string, unknown> };
      }
    }
  }
  return null;
}
