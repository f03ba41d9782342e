import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import {
  loadSnapshot,
  outdateSnapshot,
  type Snapshot,
  saveSnapshot,
} from "../../../durable-objects/live-map/stored.ts";
import { changed, position, registry } from "./rows.ts";

/** A snapshot of so many vehicles whose names do not compress. */
function snapshotOf(vehicles: number): Snapshot {
  return {
    boot: "b",
    version: 7,
    vehicles: Array.from({ length: vehicles }, (_, index) => {
      const imei = String(860_000_000_000_000 + index);
      const name = Buffer.from(crypto.getRandomValues(new Uint8Array(300))).toString("base64");
      return {
        registry: registry(imei, changed(0), { name }),
        position: position(imei, changed(0)),
        status: "moving",
        changedIn: 3,
        registryIn: 2,
      };
    }),
    forgetful: false,
    code: "1",
    reading: { readAt: changed(0), wholeAtMs: 5 },
    behind: false,
    knownAtMs: 1,
    asOfMs: 2,
  };
}

/** Acts on the storage of an object that is no live map. */
const onStorage = <Value>(act: (storage: DurableObjectStorage) => Value) =>
  runInDurableObject(env.JIMI_SESSION.getByName("stored"), (_, state) => act(state.storage));

it("gives back what it kept, also in several pieces, and leaves none of a larger one behind", async () => {
  await onStorage((storage) => {
    expect(loadSnapshot(storage)).toBeNull();
    for (const [vehicles, pieces] of [
      [3, 1],
      [18_000, 4],
      [3, 1],
    ] as const) {
      const snapshot = snapshotOf(vehicles);
      saveSnapshot(storage, snapshot);
      expect(loadSnapshot(storage)).toEqual({ snapshot, latest: true });
      const kept = [...storage.kv.list<Uint8Array>({ prefix: "snapshot:" })];
      expect(kept).toHaveLength(pieces);
      for (const [, piece] of kept) expect(piece.buffer.byteLength).toBeLessThan(2_000_000);
    }
  });
});

it("tells whether versions went on beyond it", async () => {
  await onStorage((storage) => {
    saveSnapshot(storage, snapshotOf(1));
    outdateSnapshot(storage);
    expect(loadSnapshot(storage)?.latest).toBe(false);
    saveSnapshot(storage, snapshotOf(1));
    expect(loadSnapshot(storage)?.latest).toBe(true);
  });
});

it("begins anew after a Worker that stored another form", async () => {
  await onStorage((storage) => {
    saveSnapshot(storage, snapshotOf(1));
    storage.kv.put("head", { form: 2, pieces: 1, latest: true });
    expect(loadSnapshot(storage)).toBeNull();
  });
});

it("begins anew where it cannot be read", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  await onStorage((storage) => {
    saveSnapshot(storage, snapshotOf(1));
    storage.kv.put("snapshot:0", new Uint8Array([1, 2, 3]));
    expect(loadSnapshot(storage)).toBeNull();
  });
  vi.restoreAllMocks();
});

it("begins anew where a piece is missing", async () => {
  await onStorage((storage) => {
    saveSnapshot(storage, snapshotOf(18_000));
    storage.kv.delete("snapshot:1");
    expect(loadSnapshot(storage)).toBeNull();
  });
});
