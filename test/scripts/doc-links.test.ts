import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";

const documents = [
  "README.md",
  ...(await readdir("docs")).filter((file) => file.endsWith(".md")).map((file) => `docs/${file}`),
];

/** Links of a document to others of the tree, as paths from its root. */
async function linksOf(document: string): Promise<string[]> {
  const text = await readFile(document, "utf8");
  return [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => join(dirname(document), target));
}

it.each(documents)("%s leads to files that are there", async (document) => {
  expect((await linksOf(document)).filter((target) => !existsSync(target))).toEqual([]);
});

it("leads from the README to every document", async () => {
  const [readme = "", ...others] = documents;
  expect(await linksOf(readme)).toEqual(expect.arrayContaining(others));
});
