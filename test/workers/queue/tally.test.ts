import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { type NotedCount, tally } from "../../../durable-objects/tally/index.ts";
import { newId } from "../../../shared/ids.ts";
import { sendPolled } from "../../../workers/queue/send.ts";

const origin = () => ({
  receipt: newId(),
  kind: "device" as const,
  account: "test",
  receivedAt: new Date().toISOString(),
});

/** A queue that takes so many batches and refuses the rest. */
function queueOf(batches: number): Env {
  let taken = 0;
  const sendBatch = async () => {
    taken += 1;
    if (taken > batches) throw new Error("Too many requests");
  };
  return { ...env, WRITES: { sendBatch } } as unknown as Env;
}

/** What the tally knows of this isolate; it is told a second after. */
const known = (wanted: Partial<NotedCount>) =>
  vi.waitFor(
    async () => {
      const counts = await tally(env).since(0);
      expect(counts).toHaveLength(1);
      expect(counts[0]).toMatchObject(wanted);
    },
    { timeout: 90_000, interval: 100 },
  );

it("hears how many messages and items were sent, and which the queue refused", async () => {
  await sendPolled(queueOf(1), origin(), [1, 2, 3]);
  await known({ sequence: 1, items: 3, refused: [] });

  await expect(sendPolled(queueOf(0), origin(), [4, 5])).rejects.toThrow("Too many requests");
  await known({ sequence: 2, items: 5, refused: [{ sequence: 2, items: 2 }] });

  // Of an answer of seven messages, four to a batch, it takes the first batch.
  const large = Array.from({ length: 7 }, () => "x".repeat(50_000));
  await expect(sendPolled(queueOf(1), origin(), large)).rejects.toThrow("Too many requests");
  const refused = [7, 8, 9].map((sequence) => ({ sequence, items: 1 }));
  await known({ sequence: 9, items: 12, refused: [{ sequence: 2, items: 2 }, ...refused] });
});

it("is not told less than it knows", async () => {
  const producer = newId();
  await tally(env).note({ producer, sequence: 5, items: 50, refused: [{ sequence: 2, items: 7 }] });
  await tally(env).note({ producer, sequence: 3, items: 30, refused: [{ sequence: 2, items: 7 }] });
  const counts = await tally(env).since(0);
  expect(counts.find((count) => count.producer === producer)).toMatchObject({
    ...{ sequence: 5, items: 50 },
    refused: [{ sequence: 2, items: 7 }],
  });
  expect(await tally(env).since(Date.now() + 60_000)).toEqual([]);
});
