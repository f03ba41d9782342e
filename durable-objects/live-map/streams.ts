import { log, messageOf } from "../../shared/log.ts";
import { type ChangesMessage, type Cursor, changesAfter, cursorAt } from "./changes.ts";
import type { Fleet } from "./fleet.ts";
import type { Head } from "./forms.ts";
import type { StreamCaller } from "./ticket.ts";

/** Streams one object holds; the platform takes 32,768, its memory less. */
const MOST_STREAMS = 5_000;

/** What one key may have open: a leaked one must not lock out the others. */
const MOST_STREAMS_OF_A_KEY = 1_000;

/** A client that does not take a message for so long is gone, or too slow to be worth its memory. */
const ACK_PATIENCE_MS = 60_000;

/** A silent stream says so often that it is alive, and up to when its picture is true. */
const STILL_EVERY_MS = 30_000;

/** Messages kept for others who lack the same; those of a cold start of 15,000 vehicles are 30. */
const MOST_KEPT_MESSAGES = 64;

/** Why the object closes a stream. Clients: 4401 ask for a new URL with another key, 4408 and 1012 resume. */
export const CLOSE = {
  keyGone: { code: 4401, reason: "The key expired or was revoked" },
  tooSlow: { code: 4408, reason: "Messages were not acknowledged" },
  badMessage: { code: 1008, reason: "Only `ack` and `ping` are understood" },
} as const;

/** What is kept with a socket, also while the object sleeps. */
interface Attachment {
  caller: StreamCaller;
  /** Boot of the cursor's versions. */
  boot: string;
  cursor: Cursor;
  /** A message is under way that the client has not acknowledged. At most one is, whatever the client's speed. */
  awaiting: boolean;
  /** When the last message left, ms since the epoch. */
  sentAtMs: number;
  /** It knows of the alarms that came until then, ms since the epoch. */
  alarmsAtMs: number;
}

/** Alarms came or ended: whoever shows them asks for them. */
const ALARMS = JSON.stringify({ type: "alarms" });

/** What the streams are to show. */
export interface Shown {
  boot: string;
  fleet: Fleet;
  head: Head;
}

/**
 * The open streams. Each client gets the next message when it has acknowledged the one before: whoever is slow
 * gets fewer and fuller ones, and no queue grows anywhere.
 */
export class Streams {
  readonly #ctx: DurableObjectState;
  /** Messages of the version that is current, by cursor: most clients lack the same. */
  #messages = new Map<string, ChangesMessage | null>();
  #messagesOf = "";
  /** When alarms last came, ms since the epoch; not known after a sleep. */
  #alarmsAtMs = 0;

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  get count(): number {
    return this.#sockets().length;
  }

  /** Callers of the open streams, each once per key. */
  callers(): StreamCaller[] {
    const callers = this.#sockets().map((socket) => attachmentOf(socket).caller);
    return [...new Map(callers.map((caller) => [`${caller.keyName} ${caller.origin}`, caller])).values()];
  }

  /** Whether a caller may open one more. */
  hasRoomFor(caller: StreamCaller): boolean {
    return this.count < MOST_STREAMS && this.#sockets(caller.id).length < MOST_STREAMS_OF_A_KEY;
  }

  /**
   * Accepts a socket.
   * @param since Version that the client holds, from an earlier stream.
   */
  open(socket: WebSocket, caller: StreamCaller, since: string | null, shown: Shown, nowMs: number): void {
    this.#ctx.acceptWebSocket(socket, [caller.id]);
    const cursor = cursorAt(resumable(since, shown));
    const { boot } = shown;
    keep(socket, { caller, boot, cursor, awaiting: false, sentAtMs: nowMs, alarmsAtMs: nowMs });
    this.#send(socket, shown, nowMs);
  }

  /** Hears a client. */
  heard(socket: WebSocket, message: string | ArrayBuffer, shown: Shown, nowMs: number): void {
    if (message !== "ack") {
      close(socket, CLOSE.badMessage);
      return;
    }
    const attachment = attachmentOf(socket);
    if (!attachment.awaiting) return;
    keep(socket, { ...attachment, awaiting: false });
    this.#send(socket, shown, nowMs);
  }

  /** Sends everybody what they lack and can take. */
  broadcast(shown: Shown, nowMs: number): void {
    for (const socket of this.#sockets()) this.#send(socket, shown, nowMs);
  }

  /** Tells everybody that alarms came or ended: once for all that come before a client takes the message. */
  tellOfAlarms(shown: Shown, nowMs: number): void {
    this.#alarmsAtMs = nowMs;
    this.broadcast(shown, nowMs);
  }

  /** Closes who takes nothing, and tells the others that the stream is alive. */
  tend(shown: Shown, nowMs: number): void {
    for (const socket of this.#sockets()) {
      const attachment = attachmentOf(socket);
      const quietMs = nowMs - attachment.sentAtMs;
      if (attachment.awaiting && quietMs > ACK_PATIENCE_MS) close(socket, CLOSE.tooSlow);
      else if (!attachment.awaiting && quietMs >= STILL_EVERY_MS) {
        const { thresholds: _, ...head } = shown.head;
        const text = JSON.stringify({ type: "still", ...head, at: new Date(nowMs).toISOString() });
        if (send(socket, text)) keep(socket, { ...attachment, awaiting: true, sentAtMs: nowMs });
      }
    }
  }

  /** Closes the streams of those callers. */
  closeIf(gone: (caller: StreamCaller) => boolean): void {
    for (const socket of this.#sockets()) {
      if (gone(attachmentOf(socket).caller)) close(socket, CLOSE.keyGone);
    }
  }

  /** One that is being closed stays with the runtime until its client has answered, which may be never. */
  #sockets(callerId?: string): WebSocket[] {
    return this.#ctx
      .getWebSockets(callerId)
      .filter(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN);
  }

  #send(socket: WebSocket, shown: Shown, nowMs: number): void {
    const attachment = attachmentOf(socket);
    if (attachment.awaiting) return;
    // First: a client that is slow always lacks some change.
    if (attachment.alarmsAtMs < this.#alarmsAtMs) {
      if (send(socket, ALARMS))
        keep(socket, { ...attachment, awaiting: true, sentAtMs: nowMs, alarmsAtMs: this.#alarmsAtMs });
      return;
    }
    // Versions of another boot are not comparable: the client begins anew.
    const cursor = attachment.boot === shown.boot ? attachment.cursor : cursorAt(0);
    const message = this.#message(shown, cursor);
    if (message === null || !send(socket, message.text)) return;
    keep(socket, {
      ...attachment,
      ...{ boot: shown.boot, cursor: message.next, awaiting: true, sentAtMs: nowMs },
    });
  }

  #message(shown: Shown, cursor: Cursor): ChangesMessage | null {
    if (this.#messagesOf !== shown.head.version) {
      this.#messages.clear();
      this.#messagesOf = shown.head.version;
    }
    const name = JSON.stringify(cursor);
    let message = this.#messages.get(name);
    if (message === undefined) {
      message = changesAfter(shown.fleet, shown.head, cursor);
      if (this.#messages.size < MOST_KEPT_MESSAGES) this.#messages.set(name, message);
    }
    return message;
  }
}

/** The version number a client can go on from; 0 when it has to begin anew. */
function resumable(since: string | null, { boot, fleet }: Shown): number {
  const [its, number, ...rest] = since?.split(".") ?? [];
  if (its !== boot || rest.length > 0 || !/^[1-9]\d{0,14}$/.test(number ?? "")) return 0;
  return Number(number) <= fleet.version ? Number(number) : 0;
}

const attachmentOf = (socket: WebSocket) => socket.deserializeAttachment() as Attachment;
const keep = (socket: WebSocket, attachment: Attachment) => socket.serializeAttachment(attachment);

/** A socket may have closed a moment ago. */
function send(socket: WebSocket, text: string): boolean {
  try {
    socket.send(text);
    return true;
  } catch (error) {
    log("info", "stream_gone", { error: messageOf(error) });
    return false;
  }
}

function close(socket: WebSocket, { code, reason }: { code: number; reason: string }): void {
  try {
    socket.close(code, reason);
  } catch (error) {
    log("info", "stream_gone", { error: messageOf(error) });
  }
}
