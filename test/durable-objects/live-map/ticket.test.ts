import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  readTicket,
  type StreamCaller,
  signingKey,
  signTicket,
} from "../../../durable-objects/live-map/ticket.ts";

const caller: StreamCaller = {
  id: "key-1",
  kind: "pk",
  keyName: "key:00",
  origin: "https://map.example.com",
  expiresAtMs: 2_000,
};

/** The signing key of an object of its own. */
const keyOf = (name: string) =>
  runInDurableObject(env.LIVE_MAP.getByName(name), (_, state) => signingKey(state.storage));

describe("a ticket", () => {
  it("stands for its caller until its end, in whatever life of the object", async () => {
    const ticket = await signTicket(await keyOf("ticket-a"), caller, 1_000);
    const again = await keyOf("ticket-a");
    expect(await readTicket(again, ticket, 1_000)).toEqual(caller);
    expect(await readTicket(again, ticket, 1_001)).toBeNull();
  });

  it("is nothing to another object", async () => {
    const ticket = await signTicket(await keyOf("ticket-a"), caller, 1_000);
    expect(await readTicket(await keyOf("ticket-b"), ticket, 0)).toBeNull();
  });

  it("cannot be changed", async () => {
    const key = await keyOf("ticket-a");
    const ticket = await signTicket(key, caller, 1_000);
    const [content = "", signature = ""] = ticket.split(".");
    const longer = btoa(JSON.stringify({ caller, untilMs: 9_999_999 })).replace(/=+$/, "");
    for (const forged of [
      `${longer}.${signature}`,
      `${content}.`,
      `.${signature}`,
      content,
      "",
      ".",
      "é.é",
    ]) {
      expect(await readTicket(key, forged, 0)).toBeNull();
    }
    for (let at = 0; at < ticket.length - 1; at += 7) {
      const flipped = ticket[at] === "A" ? "B" : "A";
      const forged = ticket.slice(0, at) + flipped + ticket.slice(at + 1);
      if (forged !== ticket) expect(await readTicket(key, forged, 0)).toBeNull();
    }
  });

  it("ends with the key it was asked with", async () => {
    const map = env.LIVE_MAP.getByName("ticket-c");
    const soon = Date.now() + 5_000;
    expect((await map.ticket({ ...caller, expiresAtMs: soon })).expiresAtMs).toBe(soon);
    const { expiresAtMs } = await map.ticket({ ...caller, expiresAtMs: null });
    expect(expiresAtMs - Date.now()).toBeLessThanOrEqual(60_000);
    expect(expiresAtMs - Date.now()).toBeGreaterThan(50_000);
  });
});
