// A stand-in for wrangler 4.156.2: it keeps the account in a file, notes its calls, and answers in the forms of wrangler's own
// source (wrangler-dist/cli.js, the handlers of src/queues, r2, kv, hyperdrive, tunnel, vpc, secret, versions and deploy).
// test/scripts/wrangler-output.test.ts holds what commands read of them against wrangler itself.
import { parseArgs } from "node:util";
import { provisioning } from "./provisioning.ts";
import { noteCall, readAccount, writeAccount } from "./state.ts";
import { type Answer, Refused } from "./types.ts";
import { versions } from "./versions.ts";

const root = process.cwd();
const words = process.argv.slice(2);
const commands = { ...provisioning, ...versions };
const name = Object.keys(commands).find((command) => words.join(" ").startsWith(command));

async function answer(): Promise<string> {
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || !command) throw new Refused(`Unknown argument: ${words.join(" ")}`);
  const parsed = parseArgs({
    args: words.slice(name.split(" ").length),
    options: command.options,
    allowPositionals: true,
  });
  const account = await readAccount(root);
  const before = JSON.stringify(account);
  const call: Answer = {
    root,
    account,
    values: parsed.values as Record<string, string | undefined>,
    positionals: parsed.positionals,
  };
  const text = await command.run(call);
  if (JSON.stringify(account) === before) return text;
  const dies = account.changesLeft !== null && --account.changesLeft <= 0;
  if (account.otherDeploysAfter === name) deployByAnother(account);
  await writeAccount(root, account);
  if (dies) throw new Refused("Received a malformed response from the API");
  return text;
}

function deployByAnother(account: Answer["account"]): void {
  for (const worker of Object.values(account.workers)) {
    const [latest] = worker.deployments;
    if (!latest) continue;
    const fresh = {
      ...latest,
      id: "ffffffff-0000-4000-8000-000000000000",
      author_email: "other@example.com",
    };
    worker.deployments.unshift(fresh);
  }
}

await noteCall(root, words);
try {
  console.log(await answer());
} catch (error) {
  // wrangler colours its errors even where it is told not to.
  console.error(
    `\u001b[31m✘ \u001b[41;31m[\u001b[41;97mERROR\u001b[41;31m]\u001b[0m ${(error as Error).message}`,
  );
  process.exitCode = 1;
}
