import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { reloadOr } from "../shell/reload.ts";
import { t } from "../texts/en.ts";
import { Failed, Loading } from "./states.tsx";

/** A part of a page that nobody sees at first: its code comes when it is needed, or once there is time. */
export interface Later<P> {
  Part: (props: P) => VNode;
  /** Fetches it ahead. */
  fetchAhead: () => void;
}

export function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  let Loaded: ComponentType<P> | null = null;
  const fetch = () =>
    load().then((component) => {
      Loaded = component;
    });
  function Part(props: P) {
    const [state, setState] = useState<"loading" | "ready" | "failed">(Loaded ? "ready" : "loading");
    useEffect(() => {
      if (state !== "loading") return;
      let isGone = false;
      const become = (to: "ready" | "failed") => {
        if (!isGone) setState(to);
      };
      fetch().then(
        () => become("ready"),
        () => become("failed"),
      );
      return () => {
        isGone = true;
      };
    }, [state]);
    if (state === "failed") {
      return (
        <Failed
          title={t.pages.notLoaded}
          hint={t.pages.notLoadedHint}
          onRetry={() => void reloadOr(() => setState("loading"))}
        />
      );
    }
    return Loaded ? <Loaded {...props} /> : <Loading />;
  }
  // Whatever goes wrong is shown when it is needed.
  return { Part, fetchAhead: () => void fetch().catch(() => {}) };
}
