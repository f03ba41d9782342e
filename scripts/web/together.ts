import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Loader, Metafile, Plugin } from "esbuild";
import { linking } from "./styles.ts";

/** esbuild's own sources, not those that a plugin made. */
const SOURCE = /^web\/.*\.[jt]sx?$/;

/**
 * Keeps in one script what is read first and shared with others. esbuild makes a script of whatever has the same users, which
 * are a dozen of half a kilobyte: on a slow line their heads and their worse packing are a tenth of a second. Here all
 * that is loaded later is made to use all of it, which costs nothing, since by then it is there.
 *
 * @param apart What esbuild makes of it by itself.
 * @param first What is read first, with all that it imports.
 * @param styles Stylesheets that scripts wait for, by their sources.
 */
export function keepTogether(
  root: string,
  { outputs }: Metafile,
  first: string[],
  styles: ReadonlyMap<string, string>,
): Plugin {
  const starts = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  const scripts = new Set<string>();
  for (const [script, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint && first.includes(entryPoint)) addWithImports(script, outputs, scripts);
  }
  const shared = [...scripts]
    .flatMap((script) => (outputs[script]?.entryPoint ? [] : Object.keys(outputs[script]?.inputs ?? {})))
    .filter((source) => SOURCE.test(source));
  const uses = shared.map((source) => `import ${JSON.stringify(join(root, source))};`).join("\n");
  const later = starts.filter((source) => SOURCE.test(source) && !shared.includes(source));
  const endings = new Map(
    later.map((source) => {
      const style = styles.get(source);
      return [join(root, source), style === undefined ? uses : `${uses}\n${linking(`/${style}`)}`];
    }),
  );
  return {
    name: "keep together",
    setup(build) {
      build.onLoad({ filter: SOURCE_PATH }, async ({ path }) => {
        const ending = endings.get(path);
        if (ending === undefined) return;
        return {
          contents: `${await readFile(path, "utf8")}\n${ending}`,
          loader: extname(path).slice(1) as Loader,
        };
      });
    },
  };
}

const SOURCE_PATH = /\.[jt]sx?$/;

function addWithImports(script: string, outputs: Metafile["outputs"], found: Set<string>): void {
  if (found.has(script)) return;
  found.add(script);
  for (const { path, kind, external } of outputs[script]?.imports ?? []) {
    if (kind === "import-statement" && !external) addWithImports(path, outputs, found);
  }
}
