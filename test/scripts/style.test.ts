import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import type { Command } from "../../scripts/command.ts";
import { callCommand } from "../setup/command.ts";

const root = resolve(import.meta.dirname, "../..");

/** What npm runs and is no command of this style. */
const OTHERS: Record<string, string> = {
  start: "goes on until Ctrl-C, and hands what stands behind -- to the simulator",
  build: "a step of CI, and of a deploy: it takes nothing",
  "build:web": "a step of the same, and of wrangler's own",
  bench: "measures, and is no tool",
};

/** What acts without --apply. */
const AT_ONCE: Record<string, string> = {
  keys: "its verbs are the acts; each makes or takes away one thing, that is listed and can be made again",
  analysts: "as keys",
  "deploy:staging": "--plan says what it would do, and staging is there to be tried",
  "deploy:production": "--plan says what it would do, and it asks for the name of the environment",
  rollback: "is called in haste, and asks for the name of the environment",
  "alerts:test": "the alert that it sends says that it is a test",
  "push:check": "what it pushes brings no row",
  "backup:verify": "writes what it found beside the backups, and changes no data",
  "client:types": "writes a file that is in git",
  openapi: "writes a file that is in git",
  "db:snapshot": "writes files that are in git",
  "db:refresh-trips": "computes again what a view holds; timers call it",
};

/** Ours begin like this: `node scripts/NAME.ts`, with words that npm puts before those of the caller. */
const OURS = /^node (\S+\.ts)(?: (.*))?$/;

const isCommand = (value: unknown): value is Command =>
  typeof value === "object" && value !== null && "help" in value && "takes" in value && "run" in value;

async function commandOf(file: string): Promise<Command> {
  const found = Object.values(await import(join(root, file))).filter(isCommand);
  const [command] = found;
  if (!command || found.length > 1) throw new Error(`${file} exports ${found.length} commands, not one`);
  return command;
}

const scripts = Object.entries(manifest.scripts).flatMap(([name, line]) => {
  const [, file, words] = OURS.exec(line) ?? [];
  return file === undefined || name in OTHERS ? [] : [{ name, file, words: words?.split(" ") ?? [] }];
});

/** Options of the list, each at the beginning of its line: two that belong together share one. */
const listed = (help: string) =>
  [...help.matchAll(/^ {2}(--[a-z-]+)(?:, (--[a-z-]+))?/gm)].flatMap(([, ...names]) => names.filter(Boolean));

/** Options that examples are called with. */
const shown = (help: string) =>
  [...help.matchAll(/npm run (?:-s )?\S+ -- (.*)/g)].flatMap(([, words = ""]) =>
    [...words.matchAll(/(?<=^|[\s[|])--[a-z][a-z-]*/g)].map(([option]) => option),
  );

it("knows commands, and only what there is is an exception", () => {
  expect(scripts.length).toBeGreaterThan(20);
  for (const name of [...Object.keys(OTHERS), ...Object.keys(AT_ONCE)]) {
    expect(Object.keys(manifest.scripts)).toContain(name);
  }
});

describe.each(scripts)("npm run $name", ({ name, file, words }) => {
  it("says in its help how it is called, and every option", async () => {
    const { help, options } = await commandOf(file);
    const { stdout, stderr, code } = await callCommand(await commandOf(file), [...words, "--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(help);
    expect(help).toMatch(new RegExp(`^  .*npm run (-s )?${name}\\b`, "m"));
    const declared = Object.keys(options).map((option) => `--${option}`);
    // Said of all of them, at the end.
    expect(declared).not.toContain("--json");
    expect(stdout).toMatch(/^--json /m);
    expect(listed(help).sort()).toEqual(declared.sort());
    expect([...declared, "--json"]).toEqual(expect.arrayContaining(shown(help)));
  });

  it("changes nothing without --apply, or there is a reason", async () => {
    const { help, options } = await commandOf(file);
    const isSaid = help.includes("Nothing is changed") || name in AT_ONCE;
    expect("apply" in options, "say --apply, or in its help: Nothing is changed").not.toBe(isSaid);
  });

  it("refuses what it does not know, in words and for programs", async () => {
    const command = await commandOf(file);
    const nonsense = Array.from({ length: 20 }, (_, number) => `nonsense-${number}`);
    for (const wrong of [[...words, "--no-such-option"], nonsense]) {
      const told = await callCommand(command, wrong);
      expect([told.code, told.stdout]).toEqual([2, ""]);
      expect(told.stderr).toContain(command.help);
      expect(told.stderr.trimEnd().split("\n").at(-1)).toContain(wrong.at(-1));

      const asked = await callCommand(command, [...wrong, "--json"]);
      expect(asked.code).toBe(2);
      expect(JSON.parse(asked.stdout)).toEqual({ error: expect.stringContaining(wrong.at(-1) ?? "") });
    }
  });
});
