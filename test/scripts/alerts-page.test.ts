import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { ALERT_RULES } from "../../workers/alerts/rules.ts";

const page = await readFile("docs/alerts.md", "utf8");

it("has a line for each alert, where messages link to, under whom it concerns and how grave it is", () => {
  const told = [
    ...page.matchAll(
      /^(Operations, critical|Operations, warnings|For the fleet):$|^\| <a id="(\w+)"><\/a>`(\w+)` \|/gm,
    ),
  ];
  let heading = "";
  const lines: Record<string, string> = {};
  for (const [, group, id, name] of told) {
    if (group) heading = group;
    else {
      expect(id).toBe(name);
      lines[name ?? ""] = heading;
    }
  }
  const rules = Object.entries(ALERT_RULES).map(([name, { audience, severity }]) => {
    const operations = severity === "critical" ? "Operations, critical" : "Operations, warnings";
    return [name, audience === "fleet" ? "For the fleet" : operations];
  });
  expect(lines).toEqual(Object.fromEntries(rules));
});
