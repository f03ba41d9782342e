import { useState } from "preact/hooks";
import { announce } from "../shell/announce.tsx";
import { ApiError, download, type Query } from "../shell/api.ts";
import { shared } from "../texts/shared.ts";
import { whyOf } from "./states.tsx";

/** Saves an answer of the API as a file. */
export function DownloadButton({
  path,
  query,
  fileName,
  label = shared.download.csv,
}: {
  path: string;
  query: Query;
  fileName: string;
  label?: string;
}) {
  const [state, setState] = useState<{ is: "idle" | "working" } | { is: "failed"; why: string }>({
    is: "idle",
  });
  async function save() {
    setState({ is: "working" });
    try {
      await download(path, query, fileName);
      setState({ is: "idle" });
      announce(shared.download.saved(fileName));
    } catch (error) {
      setState({ is: "failed", why: error instanceof ApiError ? whyOf(error) : String(error) });
    }
  }
  return (
    <span class="row">
      <button type="button" class="button" disabled={state.is === "working"} onClick={() => void save()}>
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M10 3v9M6 8.5l4 4 4-4M4 16.5h12" />
        </svg>
        {state.is === "working" ? shared.download.working : label}
      </button>
      {state.is === "failed" && (
        <span class="wrong" role="alert">
          {shared.download.failed(state.why)}
        </span>
      )}
    </span>
  );
}
