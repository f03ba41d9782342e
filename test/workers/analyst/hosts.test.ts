import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { isForAnalysts } from "../../../workers/analyst/door.ts";

const DEPLOYED = {
  API_HOSTS: "api.example.com",
  PUSH_HOSTS: "push.example.com",
  MCP_HOSTS: "mcp.example.com, mcp.example.org",
};

const isServed = (url: string, hosts: Partial<typeof DEPLOYED>) =>
  isForAnalysts(new Request(url, { method: "POST" }), { ...env, ...hosts } as Env);

describe("which requests are for the analysts' door", () => {
  it.for([
    ["https://mcp.example.com/mcp", true],
    ["https://mcp.example.org/mcp", true],
    ["https://MCP.example.org/mcp", true],
    ["https://mcp.example.com/", true],
    ["https://mcp.example.com/v1/live", true],
    ["https://mcp.example.com/.well-known/oauth-protected-resource", true],
    ["https://api.example.com/mcp", false],
    ["https://push.example.com/mcp", false],
    ["https://evil.example.com/mcp", false],
    ["https://mcp.example.com.evil.example.com/mcp", false],
  ] as const)("deployed: %s is %s", ([url, served]) => {
    expect(isServed(url, DEPLOYED)).toBe(served);
  });

  it("none where no host is named for it", () => {
    const closed = { ...DEPLOYED, MCP_HOSTS: "" };
    for (const host of ["api", "push", "mcp"])
      expect(isServed(`https://${host}.example.com/mcp`, closed)).toBe(false);
  });

  it("by its paths alone, where a host is that of the API too", () => {
    const shared = { ...DEPLOYED, MCP_HOSTS: "api.example.com" };
    expect(isServed("https://api.example.com/mcp", shared)).toBe(true);
    expect(isServed("https://api.example.com/v1/live", shared)).toBe(false);
  });

  it("by its paths alone, where everything is on one address", () => {
    const local = { API_HOSTS: "", PUSH_HOSTS: "", MCP_HOSTS: "" };
    expect(isServed("http://127.0.0.1:8787/mcp", local)).toBe(true);
    expect(isServed("http://127.0.0.1:8787/v1/live", local)).toBe(false);
    expect(isServed("http://127.0.0.1:8787/mcp/more", local)).toBe(false);
  });
});
