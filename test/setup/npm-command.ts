import { resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import type { Command } from "../../scripts/command.ts";

const root = resolve(import.meta.dirname, "../..");

const isCommand = (value: unknown): value is Command =>
  typeof value === "object" && value !== null && "takes" in value && "run" in value;

/** The command behind `npm run <name>`. @throws where there is none, or it is no command of ours */
export async function npmCommand(name: string): Promise<Command> {
  const line = (manifest.scripts as Record<string, string>)[name];
  const [, file] = /^node (scripts\/[a-z-]+\.ts)(?: .*)?$/.exec(line ?? "") ?? [];
  if (file === undefined) throw new Error(`package.json has no command ${name}`);
  const command = Object.values((await import(resolve(root, file))) as object).find(isCommand);
  if (command === undefined) throw new Error(`${file} exports no command`);
  return command;
}
