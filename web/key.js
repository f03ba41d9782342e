// @ts-check
// The access key: it stays in this tab.

const STORED_AS = "tracksolid-edge.key";

/** Where a browser forbids storage, the key lasts until the page is closed. @type {string | null} */
let memory = null;

export function storedKey() {
  try {
    return sessionStorage.getItem(STORED_AS) ?? memory;
  } catch {
    return memory;
  }
}

/** @param {string} key */
export function storeKey(key) {
  memory = key;
  try {
    sessionStorage.setItem(STORED_AS, key);
  } catch {
    // `memory` holds it.
  }
}
