import { randomUUID } from "node:crypto";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { StandInVersion } from "./state.ts";
import { type Answer, flags, Refused, type StandInCommand, strings } from "./types.ts";

const uploadOptions = strings("env", "message", "tag", "secrets-file");

/** Secrets, versions and their parts of the traffic. */
export const versions: Record<string, StandInCommand> = {
  "secret list": {
    options: strings("env"),
    run({ account, values }) {
      const worker = account.workers[nameOf(values)];
      if (!worker) throw new Refused(`Worker "${nameOf(values)}" (env: ${values.env}) not found.`);
      return JSON.stringify(
        worker.secrets.map((name) => ({ name, type: "secret_text" })),
        null,
        "  ",
      );
    },
  },
  "deployments status": {
    options: { ...strings("env"), ...flags("json") },
    run: (call) => JSON.stringify(workerOf(call).deployments[0], null, 2),
  },
  "deployments list": {
    options: { ...strings("env"), ...flags("json") },
    run: (call) => JSON.stringify(workerOf(call).deployments.slice(0, 10).reverse(), null, 2),
  },
  "versions view": {
    options: { ...strings("env"), ...flags("json") },
    run(call) {
      const { id, message, tag, classes } = versionOf(call, call.positionals[0]);
      return JSON.stringify(
        {
          ...{ id, number: 1, metadata: { created_on: "2026-01-01T00:00:00Z" } },
          annotations: { "workers/message": message, "workers/tag": tag },
          resources: {
            script: { handlers: ["fetch"] },
            bindings: [
              { type: "plain_text", name: "ENVIRONMENT", text: call.values.env },
              ...classes.map((class_name) => ({ type: "durable_object_namespace", name: "X", class_name })),
            ],
          },
        },
        null,
        2,
      );
    },
  },
  "versions upload": {
    options: uploadOptions,
    async run(call) {
      if (!call.account.workers[nameOf(call.values)]) {
        throw new Refused(
          "You cannot upload a new version of a Worker that does not yet exist. Please run the `deploy` command first.",
        );
      }
      const version = await upload(call);
      await tell({ type: "version-upload", version_id: version.id });
      return `Uploaded ${nameOf(call.values)}\nWorker Version ID: ${version.id}`;
    },
  },
  "versions deploy": {
    options: { ...strings("env"), ...flags("yes") },
    async run(call) {
      const parts = call.positionals.map((spec) => {
        const [id, percentage] = spec.split("@");
        return { version: versionOf(call, id), percentage: Number(percentage) };
      });
      if (parts.reduce((sum, { percentage }) => sum + percentage, 0) !== 100)
        throw new Refused("must total exactly 100%");
      if (new Set(parts.map(({ version }) => version.exports)).size > 1) {
        throw new Refused(
          "All versions in a percentage-split deployment must declare identical Durable Object `exports`.",
        );
      }
      const id = deploy(
        call,
        parts.map(({ version, percentage }) => ({ version_id: version.id, percentage })),
      );
      await tell({ type: "version-deploy", deployment_id: id });
      return `SUCCESS  Deployed ${nameOf(call.values)}`;
    },
  },
  "triggers deploy": {
    options: strings("env"),
    run(call) {
      const worker = workerOf(call);
      worker.triggersOf = worker.deployments[0]?.versions[0]?.version_id ?? null;
      return "Deployed triggers";
    },
  },
  rollback: {
    options: { ...strings("env", "message"), ...flags("yes") },
    run(call) {
      const version = versionOf(call, call.positionals[0]);
      const now = versionOf(call, workerOf(call).deployments[0]?.versions[0]?.version_id);
      if (version.exports !== now.exports)
        throw new Refused("Cannot roll back across a Durable Object change");
      deploy(call, [{ version_id: version.id, percentage: 100 }]);
      return `Current Version ID: ${version.id}`;
    },
  },
  // Last: the first words of others are the same.
  deploy: {
    options: uploadOptions,
    async run(call) {
      const { account, values } = call;
      account.workers[nameOf(values)] ??= { secrets: [], versions: [], deployments: [], triggersOf: null };
      const version = await upload(call);
      deploy(call, [{ version_id: version.id, percentage: 100 }]);
      workerOf(call).triggersOf = version.id;
      await tell({ type: "deploy", version_id: version.id });
      return `Current Version ID: ${version.id}`;
    },
  },
};

const nameOf = ({ env }: Answer["values"]): string => `tracksolid-edge-${env}`;

function workerOf({ account, values }: Answer) {
  const worker = account.workers[nameOf(values)];
  if (worker) return worker;
  throw new Refused(
    `A request to the Cloudflare API (/accounts/x/workers/scripts/${nameOf(values)}/deployments) failed.\n\n  This Worker does not exist on your account. [code: 10007]`,
  );
}

function versionOf(call: Answer, id: string | undefined): StandInVersion {
  const version = workerOf(call).versions.find((there) => there.id === id);
  if (version) return version;
  throw new Refused(
    `A request to the Cloudflare API (/versions/${id}) failed.\n\n  The requested Worker version could not be found. [code: 10187]`,
  );
}

async function upload(call: Answer): Promise<StandInVersion> {
  const { root, values } = call;
  const toml = await readFile(join(root, "wrangler.toml"), "utf8");
  const worker = workerOf(call);
  if (values["secrets-file"]) {
    const lines = (await readFile(values["secrets-file"], "utf8")).split("\n");
    worker.secrets.push(...lines.flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []));
  }
  const section = toml.slice(toml.indexOf(`[env.${values.env}.vars]`));
  const required = [...(/^required = \[(.*)\]$/m.exec(section)?.[1] ?? "").matchAll(/"(\w+)"/g)];
  const missing = required.flatMap(([, name = ""]) => (worker.secrets.includes(name) ? [] : name));
  if (missing.length > 0)
    throw new Refused(`The following required secrets have not been set: ${missing.join(", ")}`);
  const bound = new RegExp(
    `\\[\\[env\\.${values.env}\\.durable_objects\\.bindings\\]\\]\\n.*\\nclass_name = "(\\w+)"`,
    "g",
  );
  const version = {
    ...{ id: randomUUID(), message: values.message ?? "", tag: values.tag ?? "" },
    classes: [...toml.matchAll(bound)].map(([, name = ""]) => name),
    exports: [...toml.matchAll(/^\[exports\.(\w+)\]$/gm)].map(([, name]) => name).join(),
  };
  worker.versions.push(version);
  return version;
}

function deploy(call: Answer, parts: { version_id: string; percentage: number }[]): string {
  const { deployments } = workerOf(call);
  const id = randomUUID();
  const created_on = new Date(Date.UTC(2026, 0, 1) + deployments.length * 60_000).toISOString();
  deployments.unshift({ id, created_on, author_email: "operator@example.com", versions: parts });
  return id;
}

/** What wrangler writes for programs. */
async function tell(entry: Record<string, unknown>): Promise<void> {
  const file = process.env.WRANGLER_OUTPUT_FILE_PATH;
  if (file) await appendFile(file, `${JSON.stringify({ ...entry, version: 1 })}\n`);
}
