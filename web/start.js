// @ts-check
// Begins to follow the fleet while the rest of the page still loads: on a slow line the first picture then comes
// with the page's modules, not a round trip after them.

import { createClient } from "./client/index.js";
import { storedKey } from "./key.js";

export const client = createClient({ url: location.origin, key: storedKey });

/** @typedef {Required<import("./client/index.js").Listener>} Listener */

/** @type {Listener | null} */
let listener = null;
/** What came before anybody listened. @type {((listener: Listener) => void)[]} */
const waiting = [];

/** @param {(listener: Listener) => void} tell */
function pass(tell) {
  if (listener) tell(listener);
  else waiting.push(tell);
}

/** Follows the fleet with the key that is stored now. */
export function followFleet() {
  client.follow({
    onChange: (change) => pass((to) => to.onChange(change)),
    onState: (state) => pass((to) => to.onState(state)),
    onStop: (error) => pass((to) => to.onStop(error)),
  });
}

/** Tells a listener all that came, and all that comes. @param {Listener} attentive */
export function attend(attentive) {
  listener = attentive;
  for (const tell of waiting.splice(0)) tell(attentive);
}

followFleet();
