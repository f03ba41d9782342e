import { OLD_PATHS, type OldName } from "../workers/api/old/names.ts";
import { type Command, reasonOf, runFromTerminal } from "./command.ts";
import { type Asked, ask, type Said } from "./compat/ask.ts";
import { type Difference, differencesOf } from "./compat/differences.ts";

/** Health has no place of its own to be configured at: both systems have it there. */
const HEALTH = {
  health: { method: "GET", path: "/health" },
  "health-ingest": { method: "GET", path: "/health/ingest" },
} as const;

const ROUTES: Record<string, { method: "GET" | "POST"; path: string }> = { ...HEALTH, ...OLD_PATHS };

/** Paths that a span belongs to. */
const WITH_SPAN: OldName[] = [
  "track",
  "trips",
  "fleet-summary",
  "utilisation",
  "driver-behaviour",
  "fuel",
  "fuel-fills",
];

const options = {
  old: { type: "string" },
  new: { type: "string" },
  path: { type: "string", multiple: true },
  paths: { type: "string", default: "" },
  imei: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  origin: { type: "string" },
} as const;

export const compatCommand: Command<typeof options> = {
  help: `Compares what the system before this one answers with what this one does, path by path and field by field.

  npm run compat -- --old https://fleet.example.com --new https://api.example.com
  npm run compat -- --old URL --new URL --path track --imei IMEI --from 2026-01-15T00:00Z --to 2026-01-16T00:00Z

  --old, --new      where the two systems are
  --path NAME       this path alone, may be given several times: ${Object.keys(ROUTES).join(", ")}
  --paths LIST      NAME=PATH,…: where paths are that are elsewhere, as in OLD_PATHS of wrangler.toml
  --imei IMEI       the vehicle of track, which is left out without
  --from, --to      the span of track, trips and analytics, as they take it; what each takes for none unless given
  --origin URL      the page to come from

COMPAT_KEY may hold a key of the new system. Nothing is changed. Ends with 0 where both say the same, with 1 where they differ, with
2 where one of them did not answer. See docs/compat.md.`,
  options,
  takes: (words) => words.length === 0,
  async run({ values, environment, log, error, table, result }) {
    const [before, after] = [readBase("--old", values.old), readBase("--new", values.new)];
    const paths: { path: string; answered: boolean; differences: Difference[] }[] = [];
    for (const name of namesOf(values.path, values.imei)) {
      const asked = askedOf(name, values);
      log(`\n${name}: ${asked.method} ${asked.path}`);
      const said = await Promise.allSettled([ask(before, asked), ask(after, asked, environment.COMPAT_KEY)]);
      const [old, now] = said.map((result, at) => {
        if (result.status === "fulfilled") return result.value;
        error(`  the ${at === 0 ? "old" : "new"} system does not answer: ${reasonOf(result.reason)}`);
        return null;
      });
      const answered = Boolean(old && now);
      const differences = old && now ? compareAnswers(old, now) : [];
      if (differences.length > 0) table(differences);
      else if (answered) log("  the same");
      paths.push({ path: name, answered, differences });
    }
    result({ paths });
    if (paths.some(({ answered }) => !answered)) return 2;
    return paths.some(({ differences }) => differences.length > 0) ? 1 : 0;
  },
};

function compareAnswers(old: Said, now: Said): Difference[] {
  const heads = (["status", "contentType"] as const).flatMap((field): Difference[] =>
    old[field] === now[field]
      ? []
      : [{ field, kind: "value", times: 1, old: String(old[field]), new: String(now[field]) }],
  );
  return [...heads, ...differencesOf(old.body, now.body)];
}

function readBase(option: string, text: string | undefined): string {
  const url = URL.parse(text ?? "");
  if (!url || !/^https?:$/.test(url.protocol))
    throw new Error(`${option} is to be a URL like https://fleet.example.com.`);
  if (url.password !== "") throw new Error(`${option} has a password, which the list of processes shows.`);
  return url.href;
}

function namesOf(wanted: string[] | undefined, imei: string | undefined): string[] {
  for (const name of wanted ?? [])
    if (!(name in ROUTES)) throw new Error(`--path "${name}" is none: --help lists them.`);
  if (wanted?.includes("track") && imei === undefined) throw new Error("--path track wants --imei.");
  return wanted ?? Object.keys(ROUTES).filter((name) => name !== "track" || imei !== undefined);
}

function askedOf(
  name: string,
  {
    paths,
    imei,
    from,
    to,
    origin,
  }: { paths: string; imei?: string; from?: string; to?: string; origin?: string },
): Asked {
  const elsewhere = new Map(
    paths
      .split(",")
      .filter(Boolean)
      .map((pair): [string, string] => {
        const at = pair.indexOf("=");
        if (at < 1 || !(pair.slice(0, at).trim() in ROUTES))
          throw new Error(`--paths "${pair}" is not NAME=PATH.`);
        return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
      }),
  );
  const route = ROUTES[name];
  if (!route) throw new Error(`There is no path ${name}.`);
  const template = elsewhere.get(name) ?? route.path;
  const fields: Record<string, string> = {};
  if (name === "track" && imei && !template.includes("{imei}")) fields.imei = imei;
  if ((WITH_SPAN as string[]).includes(name)) Object.assign(fields, from && { from }, to && { to });
  const path = template.replace("{imei}", encodeURIComponent(imei ?? ""));
  return { method: route.method, path, fields, origin: origin ?? null };
}

if (import.meta.main) await runFromTerminal(compatCommand);
