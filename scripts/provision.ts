import { resolve } from "node:path";
import { DEPLOYED, type Environment, readDeployed, readEnvironment } from "./cloudflare/environment.ts";
import { secretFaults } from "./cloudflare/secrets.ts";
import { hide, wrangler } from "./cloudflare/wrangler.ts";
import { type Call, type Command, runFromTerminal } from "./command.ts";
import { sharedCounters } from "./provision/counters.ts";
import { type Found, look } from "./provision/found.ts";
import { idsToPut, tablesOf } from "./provision/ids.ts";
import { type Plan, planOf, type Step } from "./provision/steps.ts";
import { RETENTION_S, type Wanted, wantedOf } from "./provision/wanted.ts";

const options = {
  env: { type: "string" },
  tunnel: { type: "string" },
  apply: { type: "boolean", default: false },
} as const;

/** The command, for the tree in a folder. */
export const provisionOf = (root: string): Command<typeof options> => ({
  help: `Makes what an environment needs of the Cloudflare account, as its part of wrangler.toml names it.

  npm run provision -- --env staging|production            what is missing or wrong
  npm run provision -- --env staging|production --apply    makes it, and prints the ids for wrangler.toml

  --env NAME       staging or production
  --tunnel NAME    a tunnel that is there, by name or id; without it one is made for the server of the database
  --apply          do it; without, say what would be done

Queues, R2 bucket, KV namespace; a tunnel and a VPC service to the database, which needs no public port; and a Hyperdrive
configuration for each role, without caching, with the connections of scripts/roles/pools.ts, through that service. One that
is there with caching or other limits is corrected. Rate limits that two environments share and secrets that the Worker lacks
are named. What is there and right is left alone, so it may be broken off and run again.

DATABASE_URL_INGEST, DATABASE_URL_READ and DATABASE_URL_ANALYST are the URLs of ingest_app, dashboard_ro and analytics_ro,
with host and port as the machine that runs cloudflared reaches them. Each is needed once, when its configuration is made. The
certificate of the server is verified unless they say sslmode=verify-ca or sslmode=require. They are never printed; wrangler
takes their passwords as arguments, which other users of this machine may see while it runs.

wrangler login has no right to tunnels: set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID. Ends with 1 where something is left
for a person to do.`,
  options,
  takes: (words) => words.length === 0,
  async run(call) {
    const { values, environment: variables } = call;
    const environment = await readEnvironment(root, readDeployed(values.env));
    const wanted = wantedOf(environment, variables);
    const all = await Promise.all(["", ...DEPLOYED].map((name) => readEnvironment(root, name)));
    const problems = sharedCounters(all);
    const done: Step[] = [];
    // What is made first is what the rest waits for: look again, until nothing can be done any more.
    for (;;) {
      const found = await look(root, wanted, values.tunnel);
      const plan = planOf(wanted, found, values.tunnel);
      if (!values.apply || plan.steps.length === 0) {
        const left = [...problems, ...plan.open, ...(await secretFaults(root, environment))];
        return report(call, { environment, wanted, found, plan, done, left });
      }
      for (const step of plan.steps) {
        const twin = done.find(({ what }) => what === step.what);
        if (twin) throw new Error(`wrangler did not complain, and still there is to do: ${step.what}`);
        await wrangler(root, step.words, step);
        done.push(step);
        call.log(`done: ${step.what}`);
      }
    }
  },
});

interface Outcome {
  environment: Environment;
  wanted: Wanted;
  found: Found;
  plan: Plan;
  done: Step[];
  left: string[];
}

/** @returns the exit code */
function report({ log, error, result }: Call<typeof options>, outcome: Outcome): number {
  const { environment, wanted, found, plan, done, left } = outcome;
  const ids = idsToPut(wanted, found);
  const remarks = wanted.queues
    .filter(({ name, isKept }) => isKept && found.queues.includes(name) && !madeBy(done, name))
    .map(
      ({ name }) =>
        `How long ${name} keeps messages wrangler does not tell. To be sure: npx wrangler queues update ${name} --message-retention-period-secs ${RETENTION_S}`,
    );
  const told = (steps: Step[]) => steps.map((step) => ({ what: step.what, command: shown(step) }));
  result({ done: told(done), toDo: told(plan.steps), later: plan.later, left, ids, remarks });
  for (const step of plan.steps) log(`${step.what}\n  ${shown(step)}`);
  for (const what of plan.later) log(`then: ${what}`);
  if (plan.steps.length > 0) log("Nothing was changed: --apply does it.");
  else if (done.length === 0 && plan.later.length === 0 && left.length === 0) log("Nothing to do.");
  for (const remark of remarks) log(remark);
  if (ids.length > 0) {
    log(
      `\nPut these ids into wrangler.toml, in place of those that are there:\n\n${tablesOf(environment, ids)}`,
    );
  }
  for (const sentence of left) error(sentence);
  return left.length > 0 ? 1 : 0;
}

const madeBy = (done: Step[], queue: string): boolean => done.some(({ words }) => words.includes(queue));

const shown = ({ words, secrets }: Step): string =>
  `npx wrangler ${words.map((word) => hide(word, secrets)).join(" ")}`;

export const provisionCommand = provisionOf(resolve(import.meta.dirname, ".."));

if (import.meta.main) await runFromTerminal(provisionCommand);
