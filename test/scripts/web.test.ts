import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliDecompressSync } from "node:zlib";
import { beforeEach, expect, it, onTestFinished } from "vitest";

const project = resolve(import.meta.dirname, "../..");

/** A console small enough to see all of what is made of it. */
const SOURCES = {
  "web/index.html":
    "<!doctype html>\n<html>\n  <head>\n    <title>x</title>\n  </head>\n  <body></body>\n</html>\n",
  "web/_headers": "/assets/*\n  Cache-Control: immutable\n",
  "web/docs.css": "p { margin: 0 }\n",
  "web/favicon.svg": '<svg xmlns="http://www.w3.org/2000/svg"></svg>\n',
  "web/client/index.js": 'export const client = "as it is";\n',
  "web/outlines.json": '{"land":["outlines"]}\n',
  "web/main.css": ".everywhere { color: red }\n",
  "web/main.tsx": `import "./main.css";
import { told } from "./told.ts";
const pages = { live: () => import("./pages/live/page.tsx"), past: () => import("./pages/past/page.tsx") };
told(pages);
`,
  "web/parts/of-two.tsx": "export const OfTwo = () => <i>of two pages</i>;\n",
  "web/parts/of-a-page-and-the-map.ts": "export const ofBoth = () => console.log('of page and map');\n",
  "web/told.ts": "export const told = (what: unknown) => console.log(what);\n",
  "web/pages/live/live.css": ".live { color: green }\n",
  "web/pages/live/page.tsx": `import "./live.css";
import outlines from "../../outlines.json?url";
import { ofBoth } from "../../parts/of-a-page-and-the-map.ts";
import { OfTwo } from "../../parts/of-two.tsx";
import { told } from "../../told.ts";
ofBoth();
export default () => <a href={outlines} onClick={() => import("../../map.ts").then(told)}>live<OfTwo /></a>;
`,
  "web/pages/past/past.css": ".past { color: blue }\n",
  "web/pages/past/page.tsx": `import "./past.css";
import { OfTwo } from "../../parts/of-two.tsx";
export default () => <b>the past<OfTwo /></b>;
`,
  "web/map.ts": `import { Map } from "maplibre-gl";
import { ofBoth } from "./parts/of-a-page-and-the-map.ts";
import "maplibre-gl/dist/maplibre-gl.css";
export const map = () => [ofBoth, new Map()];
`,
  "node_modules/maplibre-gl/dist/maplibre-gl.mjs": "export class Map { is = 'as its makers built it' }\n",
  "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs": "postMessage('of the worker');\n",
  "node_modules/maplibre-gl/dist/maplibre-gl.css": ".of-the-library { color: grey }\n",
};

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "tracksolid-web-"));
  const made = root;
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  await cp(join(project, "scripts", "web"), join(root, "scripts", "web"), { recursive: true });
  for (const name of ["scripts/web.ts", "tsconfig.web.json", "tsconfig.json"]) {
    await cp(join(project, name), join(root, name));
  }
  for (const [name, text] of Object.entries(SOURCES)) await write(name, text);
  for (const name of ["esbuild", "preact"]) {
    await symlink(join(project, "node_modules", name), join(root, "node_modules", name));
  }
});

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), text);
}

const build = () => promisify(execFile)(process.execPath, [join(root, "scripts", "web.ts")]);
const built = (name: string) => readFile(join(root, "dist", "web", name), "utf8");

async function files(): Promise<string[]> {
  const folder = join(root, "dist", "web");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name).slice(folder.length + 1)] : []))
    .sort();
}

/** What a page asks for, as its HTML says. */
const linked = (html: string) =>
  [...html.matchAll(/(?:href|src)="\/([^"]+)"/g)].map(([, path]) => path ?? "");

/** What all the scripts and styles of a page say. */
async function begins(page: string): Promise<string> {
  const parts = await Promise.all(linked(await built(page)).map(built));
  return parts.join("\n");
}

it("makes a page of each, which names at once all that it begins with, and nothing else", async () => {
  await build();
  const live = await begins("index.html");
  expect(live).toContain("live");
  expect(live).toContain("outlines");
  expect(live).not.toContain("the past");
  expect(live).not.toContain("as its makers built it");
  const past = await begins("past.html");
  expect(past).toContain("the past");
  expect(past).not.toContain('"land"');
  expect(await built("past.html")).toMatch(/^<!doctype html>[\s\S]*<title>x<\/title>[\s\S]*<\/html>\n$/);
  // Nothing that a strict policy refuses.
  expect(await built("index.html")).not.toMatch(/<style|<script(?![^>]* src=)| on[a-z]+=/);
});

it("begins the first page with three scripts, whatever it shares with whom", async () => {
  await build();
  const scripts = linked(await built("index.html")).filter((name) => name.endsWith(".js"));
  expect(scripts).toHaveLength(3);
  const texts = await Promise.all(scripts.map(built));
  const shared = texts.filter((text) => text.includes("of two pages"));
  expect(shared).toEqual([expect.stringContaining("of page and map")]);
  // Who loads the rest has that already: each is written once.
  const everything = (
    await Promise.all((await files()).filter((name) => name.endsWith(".js")).map(built))
  ).join("");
  expect(everything.match(/of two pages|of page and map/g)).toHaveLength(2);
});

it("makes a stylesheet of what is read first, and one for each page that needs more; a library's is apart", async () => {
  await build();
  const styles = (await files()).filter((name) => name.endsWith(".css") && name.startsWith("assets/"));
  expect(styles).toEqual([
    expect.stringMatching(/^assets\/console-[0-9a-f]+\.css$/),
    expect.stringMatching(/^assets\/maplibre-gl-[0-9a-f]+\.css$/),
    expect.stringMatching(/^assets\/past-[0-9a-f]+\.css$/),
  ]);
  const [first = "", library = "", past = ""] = await Promise.all(styles.map(built));
  const classes = (text: string) => text.match(/\.[a-z-]+(?=\{)/g);
  expect(classes(first)).toEqual([".everywhere", ".live"]);
  expect(classes(past)).toEqual([".past"]);
  expect(library).toContain(".of-the-library");
  // Who begins with a page has its styles in the head; who comes to it later waits for them.
  const inHead = async (page: string) => linked(await built(page)).filter((name) => name.endsWith(".css"));
  expect(await inHead("index.html")).toEqual([styles[0]]);
  expect(await inHead("past.html")).toEqual([styles[0], styles[2]]);
  const waiting = (await files()).filter((name) => /^assets\/page-[^/]+\.js$/.test(name));
  const texts = (await Promise.all(waiting.map(built))).filter((text) => text.includes(`"/${styles[2]}"`));
  expect(texts).toEqual([expect.stringContaining("the past")]);
  // The script that needs it asks for it.
  const scripts = (await files()).filter((name) => /^assets\/[^/]+\.js$/.test(name));
  const asking = (await Promise.all(scripts.map(built))).filter((text) => text.includes(`/${styles[1]}`));
  expect(asking).toHaveLength(1);
  expect(asking[0]).toMatch(/from\s*"\/assets\/maplibre-gl-[0-9a-f]+\/maplibre-gl\.mjs"/);
});

it("copies what is built already, and what others know by its name", async () => {
  await build();
  const all = await files();
  const library = all.find((name) => name.endsWith("/maplibre-gl.mjs")) ?? "";
  for (const name of ["maplibre-gl.mjs", "maplibre-gl-worker.mjs"] as const) {
    // The library looks for its worker beside itself.
    const copied = await built(join(dirname(library), name));
    expect(copied).toBe(SOURCES[`node_modules/maplibre-gl/dist/${name}`]);
  }
  for (const name of ["_headers", "docs.css", "favicon.svg", "client/index.js"] as const) {
    expect(await built(name)).toBe(SOURCES[`web/${name}`]);
  }
  expect(all).not.toContain("main.tsx");
});

it("packs every text", async () => {
  await build();
  const all = await files();
  const texts = all.filter((name) => !name.endsWith(".br") && name !== "_headers");
  expect(all.filter((name) => name.endsWith(".br"))).toEqual(texts.map((name) => `${name}.br`).sort());
  for (const name of texts) {
    const packed = await readFile(join(root, "dist", "web", `${name}.br`));
    expect(brotliDecompressSync(packed).toString()).toBe(await built(name));
  }
});

it("touches nothing when nothing has changed, and only what has", async () => {
  await build();
  const before = await files();
  const times = async (names: string[]) =>
    Promise.all(names.map(async (name) => (await stat(join(root, "dist", "web", name))).mtimeMs));
  const timesBefore = await times(before);
  await build();
  expect(await times(await files())).toEqual(timesBefore);

  const past = SOURCES["web/pages/past/page.tsx"];
  await write("web/pages/past/page.tsx", past.replace("the past", "the days before"));
  await build();
  const after = await files();
  expect(await begins("past.html")).toContain("the days before");
  // As many as before: the old script is gone.
  expect(after).toHaveLength(before.length);
  const same = before.filter((name) => name.includes("maplibre") || name.startsWith("client/"));
  expect(after).toEqual(expect.arrayContaining(same));
  expect(await times(same)).toEqual(same.map((name) => timesBefore[before.indexOf(name)]));
});

it("builds again what somebody has taken away", async () => {
  await build();
  const before = await files();
  await rm(join(root, "dist", "web", "past.html"));
  await build();
  expect(await files()).toEqual(before);
  await writeFile(join(root, "dist", "web.json"), '{"inputs":');
  await write("web/docs.css", "p { margin: 1px }\n");
  await build();
  expect(await built("docs.css")).toContain("1px");
});

it("may run several times at once: no page names a file that is not there", async () => {
  await build();
  await write("web/told.ts", "export const told = (what: unknown) => console.warn(what);\n");
  let isBuilding = true;
  const looked = (async () => {
    let looks = 0;
    for (; isBuilding; looks++) {
      const html = await built("index.html");
      const missing = linked(html).map(async (name) =>
        built(name).then(
          () => null,
          () => name,
        ),
      );
      const names = (await Promise.all(missing)).filter((name) => name !== null);
      // One that was replaced while it was looked at names others now.
      if (names.length > 0 && (await built("index.html")) === html) return names;
      await new Promise((later) => setTimeout(later, 5));
    }
    return looks;
  })();
  await Promise.all([build(), build(), build()]);
  isBuilding = false;
  expect(await looked).toBeGreaterThan(0);
  expect(await begins("index.html")).toContain("console.warn");
  expect(await readdir(join(root, "dist"))).toEqual(["web", "web.json"]);
});

it("says where a mistake is, and leaves what was there", async () => {
  await build();
  const before = await files();
  await write("web/pages/past/page.tsx", "export default () => <b>;\n");
  await expect(build()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("page.tsx:1:") });
  await write("web/pages/past/page.tsx", SOURCES["web/pages/past/page.tsx"]);
  await write("web/index.html", "<!doctype html>\n");
  await expect(build()).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining("</head>") });
  expect(await files()).toEqual(before);
});
