import type { Bundle, Scripts } from "./bundle.ts";
import type { Styles } from "./styles.ts";

/** Where a page's module is, and the page that has no name in its path. */
const PAGE = /^web\/pages\/([a-z-]+)\/page\.tsx$/;
const FIRST_PAGE = "live";

/**
 * The HTML of every page, from one template: each asks at once for all that it begins with, so that no request waits until
 * another tells of it.
 * @returns file names and texts
 */
export function makePages(
  template: string,
  { styles, scripts }: Pick<Bundle, "styles" | "scripts">,
): [string, string][] {
  const pages = new Set([FIRST_PAGE, ...scripts.sources.flatMap((source) => PAGE.exec(source)?.[1] ?? [])]);
  return [...pages].map((page) => [
    page === FIRST_PAGE ? "index.html" : `${page}.html`,
    withLinks(template, linksOf(`web/pages/${page}/page.tsx`, styles, scripts)),
  ]);
}

function linksOf(source: string, styles: Styles, scripts: Scripts): string[] {
  const page = scripts.startOf(source);
  const needed = [
    ...new Set([scripts.entry, ...(page ? [page] : [])].flatMap((script) => scripts.withImports(script))),
  ];
  const own = styles.later.get(source);
  return [
    ...[styles.first, ...(own ? [own] : [])].map((style) => `<link rel="stylesheet" href="/${style}" />`),
    `<script type="module" src="/${scripts.entry}"></script>`,
    ...needed
      .filter((script) => script !== scripts.entry)
      .map((script) => `<link rel="modulepreload" href="/${script}" />`),
    // What is drawn of them is below what the scripts draw.
    ...needed
      .flatMap((script) => scripts.urlsIn(script))
      .map(
        (file) =>
          `<link rel="preload" href="/${file}" as="fetch" crossorigin="anonymous" fetchpriority="low" />`,
      ),
  ];
}

/** @throws when the template has no place for them */
function withLinks(template: string, links: string[]): string {
  const place = template.indexOf("</head>");
  if (place < 0) throw new Error("web/index.html has no </head> to put a page's links before.");
  return `${template.slice(0, place)}${links.map((link) => `  ${link}\n`).join("  ")}  ${template.slice(place)}`;
}
