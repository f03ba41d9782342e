import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import { t } from "../texts/en.ts";
import type { ApiError } from "./api.ts";
import { giveKey, keyWanted, leaveKey } from "./key.ts";

/** Asks for an access key when the server wants one, or the reader wants to use another. */
export function KeyForm() {
  const wanted = keyWanted.value;
  if (wanted === null) return null;
  const { reason } = wanted;
  return (
    <Dialog
      title={titleOf(reason)}
      // What the server asks for cannot be waved away: there is nothing to see behind it.
      onClose={reason === null ? leaveKey : null}
    >
      {/* What the server says of a missing key is for programs. */}
      <Form detail={reason?.status === 403 && reason.detail ? reason.detail : t.key.hint} />
    </Dialog>
  );
}

function titleOf(reason: ApiError | null): string {
  if (reason === null) return t.menu.otherKey;
  return reason.code === "key_required" ? t.key.title : reason.title;
}

function Form({ detail }: { detail: string }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <form
      id="key-form"
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        const key = input.current?.value.trim();
        if (key) giveKey(key);
      }}
    >
      <p id="key-detail" class="soft">
        {detail}
      </p>
      <label for="key">{t.key.label}</label>
      <input
        ref={input}
        id="key"
        name="key"
        class="input"
        type="password"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        required
        aria-describedby="key-detail key-kept"
      />
      <button type="submit" class="button primary">
        {t.key.open}
      </button>
      <p id="key-kept" class="soft small">
        {t.key.kept}
      </p>
    </form>
  );
}
