import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { stands } from "../../../durable-objects/live-map/standing.ts";
import { personName } from "../../../shared/access.ts";

it("does not go on for a person who was removed, or may not read any more", async () => {
  const email = "left@example.com";
  const keyName = await personName(email);
  const record = {
    ...{ id: "person-1", kind: "person", label: "Left", scopes: ["read"], origins: [], email },
    ...{ createdAt: "2026-01-15T08:30:00.000Z", expiresAt: null },
  };
  const caller = { id: record.id, kind: "person" as const, keyName, origin: null, expiresAtMs: null };
  const standsWith = async (kept: object) => {
    await env.KEYS.put(keyName, JSON.stringify(kept));
    return stands(env.KEYS, caller);
  };
  expect(await standsWith(record)).toBe(true);
  expect(await standsWith({ ...record, scopes: ["tickets:write"] })).toBe(false);
  expect(await standsWith({ ...record, expiresAt: "2026-01-16T08:30:00.000Z" })).toBe(false);
  await env.KEYS.delete(keyName);
  expect(await stands(env.KEYS, caller)).toBe(false);
});
