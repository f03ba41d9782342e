import { z } from "@hono/zod-openapi";
import { ApiProblem } from "../../../shared/errors.ts";
import type { ApiContext } from "../context.ts";

/** The media type of Mapbox Vector Tiles. */
export const TILE_TYPE = "application/vnd.mapbox-vector-tile";

const whole = (example: string) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,7})$/, "must be a whole number")
    .transform(Number)
    .openapi({ type: "integer", example });

/**
 * The addresses of tiles below a path. The router would take the suffix `.mvt` for a part of a parameter's name, so it has
 * a path of its own, beside that of the document: such a route is registered in both places.
 */
export function tileAddresses(folder: string, zooms: { least: number; most: number }) {
  const { least, most } = zooms;
  const params = z.object({
    z: whole("12").refine((zoom) => zoom >= least && zoom <= most, `must be from ${least} to ${most}`),
    x: whole("2466"),
    y: whole("2062"),
  });
  const address = params.refine(
    ({ z, x, y }) => x < 2 ** z && y < 2 ** z,
    "x and y must be less than 2 to the power of z",
  );
  return {
    path: `${folder}/{z}/{x}/{y}.mvt`,
    routerPath: `${folder}/:z/:x/:y{[^/]+\\.mvt}`,
    params,
    /** Which tile is asked for. @throws ApiProblem `invalid_request` */
    read(c: ApiContext): z.output<typeof params> {
      const { z, x, y = "" } = c.req.param() as Record<string, string>;
      const read = address.safeParse({ z, x, y: y.replace(/\.mvt$/, "") });
      if (read.success) return read.data;
      const sentences = read.error.issues.map(({ path, message }) => `${path.join() || "tile"}: ${message}`);
      throw new ApiProblem("invalid_request", sentences.join("; "));
    },
  };
}
