import { useState } from "preact/hooks";
import { Dialog } from "../../parts/dialog.tsx";
import { fleet as t } from "../../texts/fleet.ts";

/** Figures that have an explanation. */
export type Explained = keyof typeof t.figures & keyof typeof t.explain;

/** A figure's name with a way to what it means. */
export function Explain({ of }: { of: Explained }) {
  const [isOpen, setOpen] = useState(false);
  const name = t.figures[of];
  return (
    <>
      <button
        type="button"
        class="fleet-explain"
        aria-label={t.explain.ask(name)}
        title={t.explain.ask(name)}
        onClick={() => setOpen(true)}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="6.5" />
          <path d="M8 7.200v4M8 4.600v.8" />
        </svg>
      </button>
      {isOpen && (
        <Dialog title={name} onClose={() => setOpen(false)}>
          <p class="fleet-meaning">{t.explain[of]}</p>
        </Dialog>
      )}
    </>
  );
}
