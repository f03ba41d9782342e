import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { ApiError } from "../shell/api.ts";
import { may, session } from "../shell/session.ts";
import { t } from "../texts/en.ts";
import { shared } from "../texts/shared.ts";
import { Dialog } from "./dialog.tsx";
import { whyOf } from "./states.tsx";

type Outcome =
  | { is: "asked" }
  | { is: "working" }
  | { is: "done"; what: ComponentChildren }
  | { is: "failed"; why: string };

/**
 * Something that changes the system: a button that says which scope is missing, a dialog that says what will happen, and
 * what came of it.
 * @param run does it, and tells in words what came of it
 */
export function ActionButton({
  scope,
  label,
  title,
  explain,
  confirm = label,
  isDangerous = false,
  run,
  onDone,
}: {
  scope: string;
  label: string;
  title: string;
  /** What will happen, and fields that say more of what is wanted. */
  explain: ComponentChildren;
  confirm?: string;
  isDangerous?: boolean;
  run: () => Promise<ComponentChildren>;
  /** After the dialog that told of success was closed. */
  onDone?: () => void;
}) {
  const hintId = useId();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const missing = missingFor(scope);

  async function act() {
    setOutcome({ is: "working" });
    try {
      setOutcome({ is: "done", what: await run() });
    } catch (error) {
      setOutcome({ is: "failed", why: error instanceof ApiError ? whyOf(error) : String(error) });
    }
  }
  function close() {
    const isDone = outcome?.is === "done";
    setOutcome(null);
    if (isDone) onDone?.();
  }

  return (
    <span class="action">
      <button
        type="button"
        class={isDangerous ? "button danger" : "button"}
        // Not `disabled`: a reader by keyboard has to come by and hear why.
        aria-disabled={missing !== null}
        aria-describedby={missing === null ? undefined : hintId}
        onClick={() => missing === null && setOutcome({ is: "asked" })}
      >
        {label}
      </button>
      {missing !== null && (
        <span id={hintId} class="soft small">
          {missing}
        </span>
      )}
      {outcome && (
        <Dialog title={title} onClose={outcome.is === "working" ? null : close}>
          {outcome.is === "done" ? (
            <>
              <div role="status">{outcome.what}</div>
              <p class="dialog-actions">
                <button type="button" class="button primary" onClick={close}>
                  {t.close}
                </button>
              </p>
            </>
          ) : (
            <form
              class="stack"
              onSubmit={(event) => {
                event.preventDefault();
                void act();
              }}
            >
              <div>{explain}</div>
              {outcome.is === "failed" && (
                <p class="wrong" role="alert">
                  {shared.action.failed}: {outcome.why}
                </p>
              )}
              <p class="dialog-actions">
                <button type="button" class="button" disabled={outcome.is === "working"} onClick={close}>
                  {t.cancel}
                </button>
                <button
                  type="submit"
                  class={isDangerous ? "button danger" : "button primary"}
                  disabled={outcome.is === "working"}
                >
                  {outcome.is === "working" ? shared.action.working : confirm}
                </button>
              </p>
            </form>
          )}
        </Dialog>
      )}
    </span>
  );
}

/** Why the caller may not; null when they may. */
function missingFor(scope: string): string | null {
  if (may(scope)) return null;
  return session.value?.mode === "reader" ? shared.action.readsOnly : shared.action.needsScope(scope);
}
