/** An object that a store holds. */
export interface Stored {
  key: string;
  bytes: number;
  /** When it was put, ms. */
  putAtMs: number;
}

/**
 * Where objects are kept: a bucket of R2 or of anything that speaks S3, or a folder. Its methods try again what may pass, and
 * throw what did not.
 */
export interface Store {
  /** As a person recognises it, without secrets. */
  name: string;
  /** Puts an object, whole or not at all; what the key had is replaced. */
  put(key: string, body: Uint8Array): Promise<void>;
  /** @returns null where there is no such object */
  get(key: string): Promise<Uint8Array | null>;
  /** The objects whose keys begin so, in the order of their keys. */
  list(prefix: string): AsyncIterable<Stored>;
  /** Removes objects; one that is not there is no error. */
  remove(keys: string[]): Promise<void>;
}
