import { describe, expect, inject, it } from "vitest";
import { JimiClient, type JimiSessionPort, type Permit } from "../../../shared/jimi/client.ts";
import type { JimiFailure } from "../../../shared/jimi/failures.ts";
import { getDetail, getLocations, listDevices, listLocations } from "../../../shared/jimi/methods.ts";
import { type JimiEndpoint, request } from "../../../shared/jimi/request.ts";
import { World } from "../../setup/world.ts";

const LOCATIONS = "jimi.user.device.location.list";
const CHOSEN = "jimi.device.location.get";

/** The least a session can be: logs in when asked, renews what was refused, remembers what it heard. */
class Session implements JimiSessionPort {
  readonly heard: [method: string, kind: JimiFailure["kind"] | null][] = [];
  closed: JimiFailure | null = null;
  reportSuccess = false;
  readonly #world: World;
  #token = "";
  #generation = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async permit(_method: string, rejectedGeneration: number | null): Promise<Permit> {
    if (this.closed) return { granted: false, failure: this.closed };
    if (this.#generation === 0 || rejectedGeneration === this.#generation) {
      const { userId, userPwdMd5 } = this.#world.info;
      const login = await request(endpointOf(this.#world), "jimi.oauth.token.get", {
        user_id: userId,
        user_pwd_md5: userPwdMd5,
        expires_in: "7200",
      });
      if (!login.ok) return { granted: false, failure: login.failure };
      this.#token = (login.value.result as { accessToken: string }).accessToken;
      this.#generation += 1;
    }
    return {
      granted: true,
      token: this.#token,
      generation: this.#generation,
      notBefore: 0,
      reportSuccess: this.reportSuccess,
    };
  }

  async report(method: string, failure: JimiFailure | null): Promise<void> {
    this.heard.push([method, failure?.kind ?? null]);
  }
}

const endpointOf = ({ info }: World): JimiEndpoint => ({
  url: info.url,
  appKey: info.appKey,
  appSecret: info.appSecret,
});

async function open(vehicles = 3, deadlineMs = Number.POSITIVE_INFINITY) {
  const world = await World.make(inject("simulatorUrl"), { vehicles, accounts: ["depot"] });
  const session = new Session(world);
  return { world, session, client: new JimiClient(endpointOf(world), session, deadlineMs) };
}

/** The call log of the simulator, with the fields that prove a signature. */
async function callsOf(world: World, method = LOCATIONS) {
  const calls = await world.calls(method);
  return calls as ((typeof calls)[number] & { signOk: boolean; timestamp: string })[];
}

/** Each test has a world of its own; they wait out their back-off together. */
describe.concurrent("JimiClient", { timeout: 15_000 }, () => {
  it("brings the items of an account, of a device and of chosen devices", async () => {
    const { world, session, client } = await open();
    const imeis = (await world.vehicles()).map(({ imei }) => imei);
    const imeisOf = (items: unknown[]) => items.map((item) => (item as { imei: string }).imei);

    const devices = await listDevices(client, "depot");
    const locations = await listLocations(client, "depot");
    const detail = await getDetail(client, imeis[1] ?? "");
    const chosen = await getLocations(client, imeis.slice(0, 2));

    expect(devices.ok && imeisOf(devices.value)).toEqual(imeis);
    expect(locations.ok && imeisOf(locations.value)).toEqual(imeis);
    expect(detail.ok && imeisOf(detail.value)).toEqual([imeis[1]]);
    expect(chosen.ok && imeisOf(chosen.value.items)).toEqual(imeis.slice(0, 2));
    expect(chosen.ok && chosen.value.illegal).toEqual([]);
    expect(client.calls).toBe(4);
    expect(session.heard).toEqual([]);
  });

  it("sends a busy call again with a fresh timestamp and a fresh signature", {
    timeout: 15_000,
  }, async () => {
    const { world, session, client } = await open();
    await world.addFault({ kind: "busy", method: LOCATIONS, times: 2 });
    const answer = await listLocations(client, "depot");
    expect(answer.ok && answer.value.length).toBe(3);
    const calls = await callsOf(world);
    expect(calls.map(({ code }) => code)).toEqual([-1, -1, 0]);
    // The timestamp is signed: three different ones, each verified, are three signatures.
    expect(calls.map(({ signOk }) => signOk)).toEqual([true, true, true]);
    expect(new Set(calls.map(({ timestamp }) => timestamp)).size).toBe(3);
    const pausesMs = calls.slice(1).map(({ at }, i) => Date.parse(at) - Date.parse(calls[i]?.at ?? ""));
    expect(pausesMs[0]).toBeGreaterThanOrEqual(950);
    expect(pausesMs[1]).toBeGreaterThanOrEqual(1_950);
    expect(client.calls).toBe(3);
    expect(session.heard).toEqual([
      [LOCATIONS, "busy"],
      [LOCATIONS, "busy"],
    ]);
  });

  it.each([
    ["html", "unreadable"],
    ["http500", "unreadable"],
    ["http502html", "unreadable"],
    ["truncated-json", "unreadable"],
    ["reset", "unreachable"],
  ] as const)("gets past one %s", async (kind, failure) => {
    const { world, session, client } = await open();
    await world.addFault({ kind, method: LOCATIONS, times: 1 });
    const answer = await listLocations(client, "depot");
    expect(answer.ok && answer.value.length).toBe(3);
    expect(client.calls).toBe(2);
    expect(session.heard).toEqual([[LOCATIONS, failure]]);
  });

  it.each([
    ["html", "Tracksolid answered HTTP 200 with an HTML page"],
    ["http500", "Tracksolid answered HTTP 500 with text that is not its JSON envelope"],
    ["http502html", "Tracksolid answered HTTP 502 with an HTML page"],
    ["reset", "Tracksolid is unreachable"],
  ] as const)("gives up after three %s, and quotes nothing of it", async (kind, message) => {
    const { world, client } = await open();
    await world.addFault({ kind, method: LOCATIONS });
    const answer = await listLocations(client, "depot");
    expect(answer).toMatchObject({ ok: false, failure: { message } });
    expect(client.calls).toBe(3);
  });

  it.each(["null-result", "missing-result", "empty-result"])("takes %s for no items", async (kind) => {
    const { world, client } = await open();
    await world.addFault({ kind, method: LOCATIONS });
    await world.addFault({ kind, method: CHOSEN });
    expect(await listLocations(client, "depot")).toEqual({ ok: true, value: [] });
    const [vehicle] = await world.vehicles();
    const chosen = await getLocations(client, [vehicle?.imei ?? ""]);
    expect(chosen).toEqual({ ok: true, value: { items: [], illegal: [] } });
    expect(client.calls).toBe(2);
  });

  it("reads a code that is text", async () => {
    const { world, client } = await open();
    await world.addFault({ kind: "code-as-text" });
    const answer = await listLocations(client, "depot");
    expect(answer.ok && answer.value.length).toBe(3);
    expect((await callsOf(world)).map(({ code }) => code)).toEqual(["0"]);
  });

  it.each(["token-expired", "wrong-code-type-error"])("renews the token once: %s", async (kind) => {
    const { world, session, client } = await open();
    await world.addFault({ kind, method: LOCATIONS, times: 1 });
    const answer = await listLocations(client, "depot");
    expect(answer.ok && answer.value.length).toBe(3);
    expect(client.calls).toBe(2);
    expect(session.heard).toEqual([[LOCATIONS, "token"]]);
    expect((await world.tokens()).issued).toBe(2);
  });

  it("stops at the third refusal of a token", async () => {
    const { world, client } = await open();
    await world.addFault({ kind: "token", method: LOCATIONS });
    const answer = await listLocations(client, "depot");
    expect(answer).toMatchObject({ ok: false, failure: { kind: "token", code: "1004" } });
    expect(client.calls).toBe(3);
    expect((await world.tokens()).issued).toBe(3);
  });

  it.each([
    ["frequency", "too_frequent", "1006"],
    ["quota", "quota", "1006"],
    ["ip-limit", "ip_limited", "1005"],
    ["parameter", "rejected", "1001"],
    ["illegal", "illegal_device", "1002"],
  ])("never repeats a call by itself after %s", async (kind, failure, code) => {
    const { world, session, client } = await open();
    await world.addFault({ kind, method: LOCATIONS });
    const answer = await listLocations(client, "depot");
    expect(answer).toMatchObject({ ok: false, failure: { kind: failure, code } });
    expect(client.calls).toBe(1);
    expect(session.heard).toEqual([[LOCATIONS, failure]]);
  });

  it("tells the session of a success when it asks to hear of it", async () => {
    const { session, client } = await open();
    session.reportSuccess = true;
    await listLocations(client, "depot");
    expect(session.heard).toEqual([[LOCATIONS, null]]);
  });

  it("begins no retry after its deadline", async () => {
    const { world, client } = await open(3, Date.now());
    await world.addFault({ kind: "busy", method: LOCATIONS });
    expect(await listLocations(client, "depot")).toMatchObject({ ok: false, failure: { kind: "busy" } });
    expect(client.calls).toBe(1);
  });

  it("sends nothing without a permit", async () => {
    const { world, session, client } = await open();
    session.closed = { kind: "postponed", message: "later" };
    expect(await listLocations(client, "depot")).toEqual({ ok: false, failure: session.closed });
    expect(client.calls).toBe(0);
    expect(await world.calls()).toEqual([]);
  });

  it("names wrong credentials, whichever is wrong", async () => {
    const { world, session } = await open();
    const wrongKey = { ...endpointOf(world), appKey: "NOBODY" };
    const answer = await listLocations(new JimiClient(wrongKey, session, 0), "depot");
    expect(answer).toMatchObject({ ok: false, failure: { kind: "credentials" } });
  });

  it("is refused with a wrong secret, and does not retry", async () => {
    const { world, session } = await open();
    const client = new JimiClient({ ...endpointOf(world), appSecret: "wrong" }, session, 0);
    expect(await listLocations(client, "depot")).toMatchObject({ ok: false, failure: { kind: "rejected" } });
    expect(client.calls).toBe(1);
  });

  it("says that nobody listens", async () => {
    const { world, session } = await open();
    const nowhere = { ...endpointOf(world), url: "http://127.0.0.1:1/route/rest" };
    const answer = await new JimiClient(nowhere, session, 0).call(LOCATIONS, { target: "depot" });
    expect(answer).toEqual({
      ok: false,
      failure: { kind: "unreachable", message: "Tracksolid is unreachable" },
    });
  });
});

describe.concurrent("getLocations with devices that are not ours", { timeout: 15_000 }, () => {
  const stranger = "869999999999999";

  it("brings the other 49 of 50 and names the illegal one, in 13 calls", async () => {
    const { world, client } = await open(49);
    const ours = (await world.vehicles()).map(({ imei }) => imei);
    const answer = await getLocations(client, [stranger, ...ours]);
    if (!answer.ok) throw new Error(answer.failure.message);
    expect(answer.value.illegal).toEqual([stranger]);
    expect(answer.value.items.map((item) => (item as { imei: string }).imei)).toEqual(ours);
    // 50 → 25 → 13 → 7 → 4 → 2 → 1: one call, and two for each halving.
    expect(client.calls).toBe(13);
    expect(await callsOf(world, CHOSEN)).toHaveLength(13);
  });

  it("finds it at the end too, in fewer calls where the halves are smaller", async () => {
    const { world, client } = await open(49);
    const ours = (await world.vehicles()).map(({ imei }) => imei);
    const answer = await getLocations(client, [...ours, stranger]);
    expect(answer.ok && answer.value.illegal).toEqual([stranger]);
    expect(answer.ok && answer.value.items).toHaveLength(49);
    expect(client.calls).toBe(11);
  });

  it("finds several", async () => {
    const { world, client } = await open(6);
    const ours = (await world.vehicles()).map(({ imei }) => imei);
    const strangers = [stranger, "869999999999998"];
    const answer = await getLocations(client, [...ours.slice(0, 3), ...strangers, ...ours.slice(3)]);
    expect(answer.ok && answer.value.illegal).toEqual(strangers);
    expect(answer.ok && answer.value.items).toHaveLength(6);
  });

  it("names a single one in a single call", async () => {
    const { client } = await open(1);
    expect(await getLocations(client, [stranger])).toEqual({
      ok: true,
      value: { items: [], illegal: [stranger] },
    });
    expect(client.calls).toBe(1);
  });

  it("stops halving when another failure comes", async () => {
    const { world, client } = await open(4);
    const ours = (await world.vehicles()).map(({ imei }) => imei);
    await world.addFault({ kind: "illegal", method: CHOSEN, times: 1 });
    await world.addFault({ kind: "quota", method: CHOSEN });
    expect(await getLocations(client, ours)).toMatchObject({ ok: false, failure: { kind: "quota" } });
    expect(client.calls).toBe(2);
  });
});

it("begins no retry after its deadline, for a refused token neither", async () => {
  const { world, client } = await open(1, Date.now() - 1_000);
  await world.addFault({ kind: "token" });
  await client.call(LOCATIONS, { target: "depot" });
  expect(client.calls).toBeLessThanOrEqual(1);
});
