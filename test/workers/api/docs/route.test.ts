import { expect, it } from "vitest";
import { PROBLEM_CODES, PROBLEMS } from "../../../../shared/errors.ts";
import { ask, expectProblem, ORIGIN } from "../caller.ts";
import { askConfigured } from "../configured.ts";
import { readDocument } from "../document.ts";

const read = async () => (await ask("/docs")).text();

it("is a page for everybody, with no script and nothing from elsewhere", async () => {
  const response = await ask("/docs");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await response.text();
  expect(html).not.toMatch(/<script|<style|style=|onclick|javascript:/i);
  const linked = [...html.matchAll(/<(?:link|img|a)[^>]* (?:href|src)="([^"]*)"/g)].map(
    ([, url]) => url ?? "",
  );
  for (const url of linked) expect(url).toMatch(/^(#|\/(openapi\.json|docs\.css|favicon\.svg)$)/);
});

it("is served on the API's hosts and on no other", async () => {
  expect((await askConfigured({ API_HOSTS: "api.example.com" }, "/docs")).status).toBe(200);
  await expectProblem(await askConfigured({ API_HOSTS: "other.example.com" }, "/docs"), "not_found");
});

it("has an anchor for every operation, schema and code, and no link into nothing", async () => {
  const html = await read();
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const document = await readDocument();
  for (const name of Object.keys(document.components.schemas)) expect(ids).toContain(`schema-${name}`);
  for (const code of PROBLEM_CODES) expect(ids).toContain(code);
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of Object.keys(methods)) {
      const anchor = `${method}${path}`.replaceAll(/[^a-z0-9]+/g, "-").replace(/-$/, "");
      expect(ids).toContain(anchor);
    }
  }
  for (const [, anchor] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(anchor);
});

it("says of every code what it is and what to do", async () => {
  const html = (await read()).replaceAll(/<\/?code>/g, "`");
  for (const code of PROBLEM_CODES) {
    const { status, title, remedy } = PROBLEMS[code];
    const [, article] = new RegExp(`<article id="${code}"(.*?)</article>`, "s").exec(html) ?? [];
    for (const text of [String(status), title, remedy]) {
      expect(article).toContain(text.replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
    }
  }
});

it("is where the type of every problem leads", async () => {
  const { type } = (await (await ask("/v1/live")).json()) as { type: string };
  expect(type).toBe(`${ORIGIN}/docs#key_required`);
  expect(await (await ask(new URL(type).pathname)).text()).toContain('id="key_required"');
});

it("has requests to copy, to the host it was read from", async () => {
  const html = await read();
  expect(html).toContain(
    `curl -H &quot;Authorization: Bearer $KEY&quot; &quot;${ORIGIN}/v1/vehicles/860000000000001&quot;`,
  );
  expect(html).toContain(`curl &quot;${ORIGIN}/health&quot;`);
  expect(html.replaceAll("&quot;", '"').replaceAll("&#39;", "'")).toContain(
    `curl -X POST -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" -d '{"reason":"time_out_of_range"}' "${ORIGIN}/v1/rejected/redrive"`,
  );
  expect(html).toContain("-d &#39;{&quot;from&quot;:&quot;2026-01-15T00:00:00Z&quot;");
});

it("shows a host as text, whatever it is", async () => {
  const html = await (await askConfigured({}, "/docs", { headers: { host: '"><script>' } })).text();
  expect(html).not.toContain("<script");
});
