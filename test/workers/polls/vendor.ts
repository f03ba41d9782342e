import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { inject } from "vitest";
import { jimiSession } from "../../../durable-objects/jimi-session/index.ts";
import { getToken, type Token } from "../../../durable-objects/jimi-session/token.ts";
import { vendorSettings, World } from "../../setup/world.ts";

/** A simulated vendor that only one file asks, and the bindings of a Worker that polls it. */
export interface Vendor {
  world: World;
  bindings: Env;
}

/** Makes a world. Its session has a token already: the object itself knows only the vendor that all tests share. */
export async function makeVendor(vehicles: number): Promise<Vendor> {
  const world = await World.make(inject("simulatorUrl"), { vehicles });
  const bindings = { ...env, ...vendorSettings(world.info) } as Env;
  const { url, appKey, appSecret, userId: user, password } = world.info;
  const grant = await getToken({ url, appKey, appSecret, user, password });
  if (!grant.ok) throw new Error(grant.failure.message);
  const issuedAt = Date.now();
  const token: Token = { ...grant.value, issuedAt, expiresAt: issuedAt + 7_200_000, generation: 1 };
  await runInDurableObject(jimiSession(bindings), (_, state) => state.storage.kv.put("token", token));
  return { world, bindings };
}
