import { vi } from "vitest";

/** A message of the stream, as far as tests look at it. */
export interface StreamMessage {
  type: "changes" | "still" | "alarms";
  reset?: boolean;
  version: string | null;
  asOf: string;
  behindSince: string | null;
  positions: Record<string, unknown[]> & { imei: string[]; status: string[]; lat: number[]; lng: number[] };
  registry: Record<string, unknown[]> & { imei: string[] };
  removed: string[];
}

/** A bare client of the stream: it keeps every message, and the picture they add up to. */
export class LiveSocket implements Disposable {
  readonly messages: StreamMessage[] = [];
  /** IMEI → columns, as the messages add up. */
  readonly picture = new Map<string, Record<string, unknown>>();
  version: string | null = null;
  closed: { code: number; reason: string } | null = null;
  readonly socket: WebSocket;

  /** @param acknowledges Whether it takes messages as they come; otherwise {@link ack} does. */
  constructor(url: string, acknowledges = true) {
    this.socket = new WebSocket(url);
    this.socket.addEventListener("message", ({ data }) => {
      if (data === "pong") return;
      this.#take(JSON.parse(data as string));
      if (acknowledges) this.ack();
    });
    this.socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
    });
  }

  ack(): void {
    this.socket.send("ack");
  }

  /** Waits until the messages so far satisfy something. */
  async until(condition: (socket: this) => boolean, timeout = 10_000): Promise<this> {
    await vi.waitFor(
      () => {
        if (condition(this)) return;
        const last = JSON.stringify(this.messages.at(-1))?.slice(0, 300);
        throw new Error(
          `After ${this.messages.length} messages, closed ${JSON.stringify(this.closed)}: ${last}`,
        );
      },
      { timeout, interval: 20 },
    );
    return this;
  }

  [Symbol.dispose](): void {
    this.socket.close();
  }

  #take(message: StreamMessage): void {
    this.messages.push(message);
    if (message.type !== "changes") return;
    if (message.reset) this.picture.clear();
    for (const columns of [message.registry, message.positions]) {
      columns.imei.forEach((imei, row) => {
        const values = Object.entries(columns).map(([name, column]) => [name, column[row]]);
        this.picture.set(imei, { ...this.picture.get(imei), ...Object.fromEntries(values) });
      });
    }
    for (const imei of message.removed) this.picture.delete(imei);
    if (message.version !== null) this.version = message.version;
  }
}
