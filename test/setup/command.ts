import { type DatabaseCommand, runCommand } from "../../scripts/command.ts";

export interface Outcome {
  stdout: string;
  stderr: string;
  code: number;
}

/** Calls a command as a terminal would, without the second that a process takes to start. */
export async function callCommand(
  command: DatabaseCommand,
  words: string[],
  databaseUrl: string | undefined,
): Promise<Outcome> {
  const outcome = { stdout: "", stderr: "" };
  const code = await runCommand(command, words, databaseUrl, {
    log: (text) => {
      outcome.stdout += `${text}\n`;
    },
    error: (text) => {
      outcome.stderr += `${text}\n`;
    },
  });
  return { ...outcome, code };
}
