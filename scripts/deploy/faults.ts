import { type Environment, isPlaceholder } from "../cloudflare/environment.ts";

/** Variables that name hosts, or pages on them. */
const HOSTS = ["API_HOSTS", "PUSH_HOSTS", "MCP_HOSTS", "CORS_ORIGINS"];

/** How many files are named. */
const MOST_FILES = 10;

/** What in `wrangler.toml` is still as the repository came, each in a sentence. */
export function leftovers({ environment, namespaces, hyperdrives, vars, routes }: Environment): string[] {
  const ids = [...namespaces, ...hyperdrives].filter(({ id }) => isPlaceholder(id));
  const named = HOSTS.filter((name) => /\bexample\.com\b/.test(String(vars[name] ?? "")));
  const routed = routes.filter((pattern) => /\bexample\.com\b/.test(pattern));
  return [
    ...ids.map(
      ({ binding }) =>
        `wrangler.toml has zeros for ${binding}: npm run provision -- --env ${environment} prints its id.`,
    ),
    ...named.map((name) => `wrangler.toml has example.com in ${name}: put your own in its place.`),
    ...routed.map((pattern) => `wrangler.toml has the route ${pattern}: put your own in its place.`),
  ];
}

/** What is uploaded has to be what a commit says. */
export function uncommittedFault(uncommitted: string[]): string[] {
  if (uncommitted.length === 0) return [];
  const more = uncommitted.length > MOST_FILES ? `\n  and ${uncommitted.length - MOST_FILES} more` : "";
  const files = uncommitted
    .slice(0, MOST_FILES)
    .map((line) => `\n  ${line}`)
    .join("");
  return [`The tree has what no commit has: commit it, or take it away.${files}${more}`];
}
