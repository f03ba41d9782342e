import { createInterface } from "node:readline";

/** Where somebody may type: a terminal, or not. */
export type Keyboard = NodeJS.ReadableStream & { isTTY?: boolean };

/**
 * Production is changed by who says its name. @throws where nobody did
 *
 * @param said The value of `--yes`
 */
export async function consent(
  environment: string,
  said: string | undefined,
  keyboard: Keyboard,
  log: (line: string) => void,
): Promise<void> {
  if (said !== undefined) {
    if (said === environment) return;
    throw new Error(`--yes says ${said}, and this is ${environment}.`);
  }
  if (environment !== "production") return;
  if (!keyboard.isTTY) {
    throw new Error("Nobody is there to type the name of the environment: say --yes=production.");
  }
  log(`Type ${environment} to go on:`);
  const lines = createInterface({ input: keyboard });
  try {
    for await (const line of lines) {
      if (line.trim() === environment) return;
      break;
    }
    throw new Error("That is not its name: nothing was changed.");
  } finally {
    lines.close();
  }
}
