import { expect, it } from "vitest";
import { startStack } from "../setup/harness.ts";

it("says what to check when the credentials are wrong, and does not hammer the login", async () => {
  await using stack = await startStack({ world: { vehicles: 3 }, secrets: { TRACKSOLID_PASSWORD: "wrong" } });
  for (let tick = 0; tick < 3; tick++) expect(await stack.tick("* * * * *")).toBe("exception");
  const run = await stack.lastRun("live", 3);
  expect(run).toMatchObject({ success: false, error_code: "credentials" });
  for (const name of ["TRACKSOLID_APP_KEY", "TRACKSOLID_PASSWORD", "TRACKSOLID_API_URL"])
    expect(run.error).toContain(name);
  expect(await stack.world.calls("jimi.oauth.token.get")).toHaveLength(1);
  expect((await stack.fetch("/v1/live")).status).toBe(200);
});

it("names every missing value with its remedy, and serves what needs none of them", async () => {
  await using stack = await startStack({
    secrets: { TRACKSOLID_USER: "" },
    vars: { TRACKSOLID_TARGETS: "" },
  });
  expect(await stack.tick("* * * * *")).toBe("exception");
  const run = await stack.lastRun("live");
  expect(run).toMatchObject({ success: false, error_code: "misconfigured" });
  expect(run.error).toContain("TRACKSOLID_USER is empty: wrangler secret put TRACKSOLID_USER");
  expect(run.error).toContain("TRACKSOLID_TARGETS is empty");
  expect((await stack.fetch("/v1/live")).status).toBe(200);
});

it("refuses to serve openly outside dev", async () => {
  await using stack = await startStack({ vars: { ENVIRONMENT: "production", OPEN_READS: "1" } });
  const response = await stack.fetch("/v1/live");
  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({ code: "misconfigured" });
  expect(stack.logs()).toContain("OPEN_READS=1 is for the local stack only");
});

it("serves only its own hosts", async () => {
  await using stack = await startStack({ vars: { API_HOSTS: "api.example.com" } });
  expect((await stack.fetch("http://other.example.com/health")).status).toBe(404);
  expect((await stack.fetch("http://other.example.com/")).status).toBe(404);
  expect((await stack.fetch("http://api.example.com/health")).status).toBe(200);
  expect((await stack.fetch("http://api.example.com/")).status).toBe(200);
});

it("fails a tick that no job is scheduled for", async () => {
  await using stack = await startStack({ world: { vehicles: 1 } });
  expect(await stack.tick("13 13 * * *")).toBe("exception");
  expect(stack.logs()).toContain("No job is scheduled");
});
