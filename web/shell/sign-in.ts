import { type ReadonlySignal, signal } from "@preact/signals";

/** A page that is sent back to sign in again and again would reload for ever: in between, the banner has a button. */
const NOT_AGAIN_MS = 10 * 60_000;
const STORED_AS = "tracksolid-edge.sign-in";

const out = signal(false);

/** Whether a sign-in stands before the server (Cloudflare Access): nothing comes until the page is loaded anew. */
export const isSignedOut: ReadonlySignal<boolean> = out;

/** The server answers, as it does once somebody has signed in at another tab. */
export function noteSignedIn(): void {
  out.value = false;
}

/** Loads the page anew, which leads through the sign-in. */
export function signIn(): void {
  out.value = true;
  // What somebody is writing is worth more than the click that the banner's button takes.
  if (document.querySelector("dialog[open]")) return;
  try {
    const lastMs = Number(sessionStorage.getItem(STORED_AS) ?? 0);
    if (Date.now() - lastMs < NOT_AGAIN_MS) return;
    sessionStorage.setItem(STORED_AS, String(Date.now()));
  } catch {
    // Without a memory nobody knows whether this is the first time.
    return;
  }
  location.reload();
}
