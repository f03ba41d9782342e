// What scripts/web.ts makes of imports that are no modules.

/**
 * Those of what is read first become one stylesheet of every page. What is loaded later, a page or a part of one, waits for
 * its own; and whatever imports a library's waits for that.
 */
declare module "*.css" {}

/** The URL of a file, which has its hash in its name. A page that begins with the script reads the file ahead. */
declare module "*?url" {
  const url: string;
  export default url;
}

/** Where MapLibre and its stylesheet are. */
declare module "maplibre-gl?urls" {
  export const script: string;
  export const style: string;
}
