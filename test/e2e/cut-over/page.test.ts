import { expect, it } from "vitest";
import { npmCommand } from "../../setup/npm-command.ts";
import { commandsIn } from "./page.ts";

const said = await commandsIn("docs/cutover.md");

it.each(said)("there is npm run $name, with the options $options", async ({ name, options }) => {
  const command = await npmCommand(name);
  expect(Object.keys(command.options)).toEqual(expect.arrayContaining(options));
});

it("are those of the cut-over", () => {
  expect(said.length).toBeGreaterThan(15);
});
