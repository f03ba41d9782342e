/** A page that nobody sees for so long asks no more: it costs a phone its battery and the fleet's owner money. */
const HIDDEN_PATIENCE_MS = 60_000;

/**
 * Tells when the page is seen, hidden for long, or back on the network. Without a page (Node, a worker) it never is.
 * @param {object} handlers
 * @param {() => void} handlers.onSeen
 * @param {() => void} handlers.onUnseen
 * @param {() => void} handlers.onNetwork it came or went
 * @returns {() => void} ends it
 */
export function watchAttention({ onSeen, onUnseen, onNetwork }) {
  if (typeof document === "undefined") return () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  function look() {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(onUnseen, HIDDEN_PATIENCE_MS);
    else onSeen();
  }
  document.addEventListener("visibilitychange", look);
  addEventListener("online", onNetwork);
  addEventListener("offline", onNetwork);
  if (document.hidden) look();
  return () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", look);
    removeEventListener("online", onNetwork);
    removeEventListener("offline", onNetwork);
  };
}
