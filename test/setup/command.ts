import { Console } from "node:console";
import { Writable } from "node:stream";
import { type Command, runCommand } from "../../scripts/command.ts";

export interface Outcome {
  stdout: string;
  stderr: string;
  code: number;
}

/** Calls a command as a terminal would, without the second that a process takes to start. */
export async function callCommand(
  command: Command,
  words: string[],
  environment: Record<string, string | undefined> = {},
): Promise<Outcome> {
  const [stdout, stderr] = [new Text(), new Text()];
  const { log, error, table } = new Console({ stdout, stderr });
  const code = await runCommand(command, words, { log, error, table, environment });
  return { stdout: stdout.text, stderr: stderr.text, code };
}

class Text extends Writable {
  text = "";

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}
