import { build, type Metafile } from "esbuild";
import { BROWSERS } from "./browsers.ts";
import { ASSETS, type Files, hashOf } from "./files.ts";

/** What pages share; it comes first in a sheet, so that a page's own may differ from it. */
const SHARED = "web/styles/";

export interface Styles {
  /** Of what is read first: every page begins with it. */
  first: string;
  /** Of what a script that is loaded later needs besides, by the script's source. */
  later: ReadonlyMap<string, string>;
}

/**
 * The console's stylesheets: one of what is read first, and one for each script that is loaded later and needs more.
 *
 * @param first Sources of what is read first, in the order of their styles.
 * @returns their names
 */
export async function bundleStyles(
  root: string,
  { outputs, inputs }: Metafile,
  first: string[],
  files: Files,
): Promise<Styles> {
  const starts = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
  const sourcesOf = new Map(starts.map((source) => [source, stylesOf(source, inputs)]));
  const ofFirst = new Set(first.flatMap((source) => sourcesOf.get(source) ?? []));
  const later = new Map<string, string>();
  for (const [source, all] of sourcesOf) {
    const own = all.filter((one) => !ofFirst.has(one));
    // Such as `history` of web/pages/history/page.tsx.
    const name = source.split("/").at(-2) ?? "later";
    if (own.length > 0) later.set(source, await bundleSheet(root, name, own, files));
  }
  return { first: await bundleSheet(root, "console", [...ofFirst], files), later };
}

/** The styles that a script and what it imports at once import; what it loads later brings its own. */
function stylesOf(start: string, inputs: Metafile["inputs"]): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = (source: string) => {
    if (seen.has(source)) return;
    seen.add(source);
    // What these import comes with them. A library's is apart.
    if (source.endsWith(".css")) return source.startsWith("web/") && found.push(source);
    for (const { path, kind } of inputs[source]?.imports ?? []) {
      if (kind === "import-statement") visit(path);
    }
  };
  visit(start);
  const isShared = (source: string) => source.startsWith(SHARED);
  return [...found.filter(isShared), ...found.filter((source) => !isShared(source))];
}

async function bundleSheet(root: string, kind: string, sources: string[], files: Files): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: sources.map((source) => `@import ${JSON.stringify(`./${source}`)};`).join("\n"),
      resolveDir: root,
      loader: "css",
    },
    write: false,
    bundle: true,
    target: BROWSERS,
    minify: true,
    legalComments: "none",
    logLevel: "warning",
  });
  const content = outputFiles[0]?.contents ?? new Uint8Array();
  const name = `${ASSETS}/${kind}-${hashOf(content)}.css`;
  files.set(name, content);
  return name;
}

/**
 * Code that a module ends with to be ready when a stylesheet is: nothing is drawn without it. Also when that could not be
 * read: something unsightly is better than nothing. A page that was begun with has it in its head.
 */
export const linking = (url: string): string => `
if (!document.querySelector(${JSON.stringify(`link[rel="stylesheet"][href="${url}"]`)}))
  await new Promise((ready) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = ${JSON.stringify(url)};
    link.onload = link.onerror = ready;
    document.head.append(link);
  });`;
