import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const FOLDER = ".github/workflows";
const files = await readdir(FOLDER);

it.each(files)("%s runs no action but by a SHA, and may only read", async (file) => {
  const text = await readFile(`${FOLDER}/${file}`, "utf8");
  const used = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, action = ""]) => action);
  expect(used).not.toEqual([]);
  expect(used.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(action))).toEqual([]);
  expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
  // Nor may a job have more, or one that strangers start have secrets.
  expect(text.match(/permissions:|pull_request_target/g)).toEqual(["permissions:"]);
  // Otherwise the token stays in the clone, for whatever runs after.
  expect(text.match(/uses: actions\/checkout@/g)).toHaveLength(
    text.match(/persist-credentials: false/g)?.length ?? 0,
  );
});
