import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Account, emptyAccount, forgetCalls, readAccount, readCalls, writeAccount } from "./state.ts";

/** A clone that was made ready to deploy, with the stand-in for wrangler, an account of its own, and what belongs to it. */
export interface Tree extends AsyncDisposable {
  root: string;
  account(): Promise<Account>;
  /** Changes the account behind everybody's back. */
  change(edit: (account: Account) => void): Promise<void>;
  /** Calls of wrangler since the last time this was asked. */
  calls(): Promise<string[][]>;
  /** Changes a file, and commits it unless told otherwise. */
  edit(file: string, change: (text: string) => string, commits?: boolean): Promise<void>;
  git(...words: string[]): string;
}

const project = resolve(import.meta.dirname, "../../..");

const COMMITTED_AT = "2026-01-01T00:00:00Z";

/** `wrangler.toml` with the account's ids and our own hosts in it, unless it is to be as the repository came. */
export async function makeTree({ asCloned = false } = {}): Promise<Tree> {
  const root = await mkdtemp(join(tmpdir(), "tracksolid-tree-"));
  const git = (...words: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...words], {
      cwd: root,
      // The same tree is the same commit, whenever it is made.
      env: { ...process.env, GIT_AUTHOR_DATE: COMMITTED_AT, GIT_COMMITTER_DATE: COMMITTED_AT },
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const tree: Tree = {
    root,
    git,
    account: () => readAccount(root),
    async change(edit) {
      const account = await readAccount(root);
      edit(account);
      await writeAccount(root, account);
    },
    async calls() {
      const calls = await readCalls(root);
      await forgetCalls(root);
      return calls;
    },
    async edit(file, change, commits = true) {
      const path = join(root, file);
      await writeFile(path, change(await readFile(path, "utf8").catch(() => "")));
      if (!commits) return;
      git("add", "-A");
      git("commit", "-q", "-m", `change ${file}`);
    },
    // A call that nobody waited for, since another part failed first, may still write into it.
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, maxRetries: 20, retryDelay: 100 }),
  };
  const bin = join(root, "node_modules", "wrangler", "bin");
  await mkdir(bin, { recursive: true });
  await Promise.all((await standIn()).map(([file, text]) => writeFile(join(bin, file), text)));
  await writeAccount(root, emptyAccount());
  await forgetCalls(root);
  await cp(join(project, "migrations"), join(root, "migrations"), { recursive: true });
  const toml = await readFile(join(project, "wrangler.toml"), "utf8");
  await writeFile(join(root, "wrangler.toml"), asCloned ? toml : made(toml));
  const scripts = { "check:types": "node -e 0", build: "node -e 0" };
  await writeFile(join(root, "package.json"), JSON.stringify({ type: "module", scripts }));
  await writeFile(join(root, ".gitignore"), "node_modules/\n");
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "everything");
  return tree;
}

let stripped: Promise<[file: string, text: string][]> | undefined;

/** The stand-in without its types, once: it is called hundreds of times, and each time Node would take them out anew. */
function standIn(): Promise<[file: string, text: string][]> {
  stripped ??= Promise.all(
    ["main", "provisioning", "state", "types", "versions"].map(async (name) => {
      const text = stripTypeScriptTypes(await readFile(join(import.meta.dirname, `${name}.ts`), "utf8"));
      const imported = text.replaceAll(/(from "\.\/[a-z]+)\.ts"/g, '$1.js"');
      return [name === "main" ? "wrangler.js" : `${name}.js`, imported];
    }),
  );
  return stripped;
}

const made = (toml: string): string =>
  toml
    .replaceAll(/id = "0{24}0*(\d+)"/g, 'id = "abcdefabcdefabcdefabcdefabcdef$1"')
    .replaceAll("example.com", "fleet.test");
