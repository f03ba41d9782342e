import { type ReadonlySignal, signal } from "@preact/signals";
import type { ApiError } from "../client/index.js";

const STORED_AS = "tracksolid-edge.key";

/** Where a browser forbids storage, the key lasts until the page is closed. */
let memory: string | null = null;

const given = signal(0);
const wanted = signal<KeyWanted | null>(null);

/** Why a key is asked for: the server's refusal, or the reader's own wish to use another one. */
export type KeyWanted = { reason: ApiError | null };

/** Goes up whenever another key is given: whatever was answered to the one before is asked for anew. */
export const keyNumber: ReadonlySignal<number> = given;
/** Null while no key is asked for. */
export const keyWanted: ReadonlySignal<KeyWanted | null> = wanted;

/** The access key of this tab. */
export function storedKey(): string | null {
  try {
    return sessionStorage.getItem(STORED_AS) ?? memory;
  } catch {
    return memory;
  }
}

/** Keeps a key for this tab, until it is closed; null forgets it. */
export function giveKey(key: string | null): void {
  memory = key;
  try {
    if (key === null) sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, key);
  } catch {
    // `memory` holds it.
  }
  wanted.value = null;
  given.value += 1;
}

/** Opens the key form. */
export function askForKey(reason: ApiError | null): void {
  wanted.value = { reason };
}

/** Closes the key form that the reader opened. */
export function leaveKey(): void {
  wanted.value = null;
}
