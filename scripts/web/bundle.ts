import { join, relative } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { BROWSERS } from "./browsers.ts";
import { ASSETS, type Files } from "./files.ts";
import { readFromUrls } from "./libraries.ts";
import { bundleStyles, type Styles } from "./styles.ts";
import { keepTogether } from "./together.ts";

/** The script that every page begins with. */
const ENTRY = "web/main.tsx";

/** The page that most begin with, on the worst lines. */
const FIRST_PAGE = "web/pages/live/page.tsx";

const OUT = "dist/web";

/** The console's scripts and styles, and what they are to each other. */
export interface Bundle {
  files: Files;
  styles: Styles;
  scripts: Scripts;
}

/** What esbuild says of its outputs, with their names below dist/web. */
export interface Scripts {
  entry: string;
  /** What they were made of. */
  sources: string[];
  /** The script that begins with a source, such as `web/pages/live/page.tsx`. */
  startOf(source: string): string | undefined;
  /** A script and all that it imports at once. */
  withImports(script: string): string[];
  /** Files that a script asks for by their URL. */
  urlsIn(script: string): string[];
}

/** Bundles the console. @throws with every error that esbuild found, after it has shown them */
export async function bundle(root: string): Promise<Bundle> {
  const files: Files = new Map();
  const apart = await build({ ...optionsOf(root), plugins: [readFromUrls(root, files)] });
  const first = [ENTRY, FIRST_PAGE];
  const styles = await bundleStyles(root, apart.metafile, first, files);
  const plugins = [readFromUrls(root, files), keepTogether(root, apart.metafile, first, styles.later)];
  // What there is to warn of has been shown.
  const { outputFiles, metafile } = await build({ ...optionsOf(root), plugins, logLevel: "error" });
  for (const { path, contents } of outputFiles) {
    // They are in the stylesheets already.
    if (!path.endsWith(".css")) files.set(relative(join(root, OUT), path), contents);
  }
  return { files, styles, scripts: describe(metafile) };
}

const optionsOf = (root: string) =>
  ({
    absWorkingDir: root,
    entryPoints: [ENTRY],
    outdir: OUT,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    target: BROWSERS,
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    tsconfig: "tsconfig.web.json",
    entryNames: `${ASSETS}/[name]-[hash]`,
    chunkNames: `${ASSETS}/[name]-[hash]`,
    assetNames: `${ASSETS}/[name]-[hash]`,
    publicPath: "/",
    legalComments: "none",
    logLevel: "warning",
  }) satisfies BuildOptions;

function describe({ outputs, inputs }: Metafile): Scripts {
  const named = (path: string) => relative(OUT, path);
  const output = (script: string) => outputs[join(OUT, script)];
  const startOf = (source: string) => {
    const found = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === source);
    return found && named(found[0]);
  };
  const entry = startOf(ENTRY);
  if (entry === undefined) throw new Error(`esbuild made no script of ${ENTRY}.`);
  const withImports = (script: string, found = new Set<string>()): string[] => {
    if (found.has(script)) return [];
    found.add(script);
    for (const { path, kind, external } of output(script)?.imports ?? []) {
      if (kind === "import-statement" && !external) withImports(named(path), found);
    }
    return [...found];
  };
  const urlsIn = (script: string) =>
    (output(script)?.imports ?? []).flatMap(({ path, kind }) =>
      kind === "file-loader" ? [named(path)] : [],
    );
  return { entry, sources: Object.keys(inputs), startOf, withImports, urlsIn };
}
