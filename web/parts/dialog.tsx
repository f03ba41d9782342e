import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { t } from "../texts/en.ts";
import "../styles/dialog.css";

/**
 * A dialog over the page; it is open while it is drawn. The browser keeps the focus inside and gives it back after.
 * @param onClose Escape, the cross, a click beside it; null: it cannot be closed without an answer
 */
export function Dialog({
  title,
  onClose,
  isWide = false,
  children,
}: {
  title: string;
  onClose: (() => void) | null;
  isWide?: boolean;
  children: ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click beside it is for the mouse; Escape comes as `cancel`.
    <dialog
      ref={box}
      class={isWide ? "dialog wide" : "dialog"}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      // A browser closes it on a second Escape whatever is said; without an answer it opens again.
      onClose={() => {
        if (!box.current?.isConnected) return;
        if (onClose) onClose();
        else box.current.showModal();
      }}
      onClick={(event) => {
        if (event.target === box.current) onClose?.();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          <h2 id={titleId}>{title}</h2>
          {onClose && (
            <button type="button" class="button icon-only" aria-label={t.close} onClick={onClose}>
              <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
                <path d="M5 5l10 10M15 5 5 15" />
              </svg>
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}
