import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Plugin, transform } from "esbuild";
import { ASSETS, type Files, hashOf } from "./files.ts";
import { linking } from "./styles.ts";

/** MapLibre as its makers built it: it looks for its worker beside itself, under this name. */
const MAPLIBRE = ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"];
const MAPLIBRE_STYLE = "maplibre-gl.css";

/** Namespaces of modules that stand for a file. */
const URL_OF = "url";
const URLS_OF_MAPLIBRE = "urls-of-maplibre";
const LIBRARY_STYLE = "library-style";

/**
 * What a script has from a URL, not from its bundle:
 *
 * - `maplibre-gl`, which is built already, in two files that share a folder; `maplibre-gl?urls` says where it and its
 *   stylesheet are, for who wants to ask for them ahead;
 * - a library's own stylesheet, such as `maplibre-gl/dist/maplibre-gl.css`: the script that imports it waits for it, so that
 *   pages without that script never read it;
 * - any file whose import ends with `?url`, as that URL.
 *
 * @param files Gets the files.
 */
export function readFromUrls(root: string, files: Files): Plugin {
  const library = join(root, "node_modules", "maplibre-gl", "dist");

  /** @returns its URL */
  async function putMapLibre(): Promise<string> {
    const contents = await Promise.all(MAPLIBRE.map((name) => readFile(join(library, name))));
    const place = `${ASSETS}/maplibre-gl-${hashOf(...contents)}`;
    MAPLIBRE.forEach((name, at) => {
      files.set(`${place}/${name}`, contents[at] as Uint8Array);
    });
    return `/${place}/${MAPLIBRE[0]}`;
  }

  /** @returns its URL */
  async function putStyle(path: string): Promise<string> {
    const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
    const content = new TextEncoder().encode(code);
    const name = `${ASSETS}/${path.slice(dirname(path).length + 1, -".css".length)}-${hashOf(content)}.css`;
    files.set(name, content);
    return `/${name}`;
  }

  return {
    name: "read from URLs",
    setup(build) {
      build.onResolve({ filter: /^maplibre-gl$/ }, async () => ({
        path: await putMapLibre(),
        external: true,
      }));
      build.onResolve({ filter: /^maplibre-gl\?urls$/ }, ({ path }) => ({
        path,
        namespace: URLS_OF_MAPLIBRE,
      }));
      build.onLoad({ filter: /./, namespace: URLS_OF_MAPLIBRE }, async () => {
        const [script, style] = await Promise.all([putMapLibre(), putStyle(join(library, MAPLIBRE_STYLE))]);
        return { contents: JSON.stringify({ script, style }), loader: "json" };
      });

      build.onResolve({ filter: /^[^./].*\.css$/ }, async ({ path, importer, resolveDir, pluginData }) => {
        if (pluginData === LIBRARY_STYLE || !/\.[jt]sx?$/.test(importer)) return;
        const found = await build.resolve(path, {
          resolveDir,
          kind: "import-rule",
          pluginData: LIBRARY_STYLE,
        });
        return found.errors.length > 0 ? found : { path: found.path, namespace: LIBRARY_STYLE };
      });
      build.onLoad({ filter: /./, namespace: LIBRARY_STYLE }, async ({ path }) => ({
        contents: linking(await putStyle(path)),
        loader: "js",
      }));

      build.onResolve({ filter: /\?url$/ }, ({ path, resolveDir }) => ({
        path: join(resolveDir, path.slice(0, -"?url".length)),
        namespace: URL_OF,
      }));
      build.onLoad({ filter: /./, namespace: URL_OF }, async ({ path }) => ({
        contents: await readFile(path),
        loader: "file",
        watchFiles: [path],
      }));
    },
  };
}
