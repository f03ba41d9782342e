import { signal } from "@preact/signals";

const words = signal("");

/** Says something to a screen reader when it has finished its sentence. The same twice is said twice. */
export function announce(text: string): void {
  words.value = words.value === text ? `${text}\u00a0` : text;
}

export function Announcements() {
  return (
    <p class="unseen" role="status">
      {words}
    </p>
  );
}
