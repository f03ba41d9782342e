import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/**
 * What the accessibility checker axe finds on a page, each with where.
 * @param within Its context, as JavaScript.
 */
export const violations = (page: Page, within = "document"): Promise<string[]> =>
  page.evaluate(`${AXE}; axe.run(${within}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`);
