import { env } from "cloudflare:workers";
import { tally } from "../../../durable-objects/tally/index.ts";
import { newId } from "../../../shared/ids.ts";
import type { Message } from "../../../shared/message.ts";
import type { Books } from "../../../workers/ledger/books.ts";
import { makeKey, query } from "../api/caller.ts";
import { askConfigured } from "../api/configured.ts";
import { expectDocumented } from "../api/document.ts";
import { locationItem, messageOf, newImei, vendorTime } from "../writer/deliver.ts";

/** Also a message that was received days ago may hold it. */
const LONG_AGO = { gpsTime: vendorTime(5 * 24 * 3600), hbTime: vendorTime(5 * 24 * 3600) };

/** An isolate of its own, that sends messages. */
export class Producer {
  readonly id = newId();
  #sequence = 0;
  #items = 0;

  /** Numbers a message of so many good items. */
  message(items = 1, change: Partial<Message> = {}): Message {
    return this.of(
      Array.from({ length: items }, () => locationItem(newImei(), LONG_AGO)),
      change,
    );
  }

  /** Numbers a message of these items. */
  of(items: unknown[], change: Partial<Message> = {}): Message {
    this.#sequence += 1;
    const id = { producer: this.id, sequence: this.#sequence, itemsBefore: this.#items };
    this.#items += items.length;
    return messageOf("location", items, { id, receipt: newId(), ...change });
  }

  /** Tells the tally how far it has counted. */
  async tell(refused: { sequence: number; items: number }[] = []): Promise<void> {
    await tally(env).note({ producer: this.id, sequence: this.#sequence, items: this.#items, refused });
  }

  /** Its books; what is nowhere is lost after `pendingS`. */
  async books(
    values: Record<string, string> = {},
    pendingS = 0,
  ): Promise<Books & { from: string; to: string }> {
    const headers = { authorization: `Bearer ${await makeKey({ scopes: ["admin"] })}` };
    const path = `/v1/ledger${query({ producer: this.id, ...values })}`;
    const response = await askConfigured({ LEDGER_PENDING_S: String(pendingS) }, path, { headers });
    return expectDocumented("/v1/ledger", response);
  }
}
