import type { Miniflare } from "miniflare";

/** What the platform calls on a tick and with a batch. */
export interface Handlers {
  scheduled(tick: { cron: string; scheduledTime: Date }): Promise<{ outcome: string }>;
  queue(
    name: string,
    messages: { id: string; timestamp: Date; attempts: number; body: unknown }[],
  ): Promise<{ outcome: string }>;
}

/** The handlers of a running Worker that are no `fetch`. Their type says they are requests. */
export const handlersOf = async (runtime: Miniflare, name?: string): Promise<Handlers> =>
  (await runtime.getWorker(name)) as unknown as Handlers;
