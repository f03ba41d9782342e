import type { Envelope } from "./message.ts";

/** Where the token goes; one in the body is put into the path with the envelopes that have no place for it. */
export const TOKEN_PLACES = ["body", "path", "query", "header"] as const;
export type TokenPlace = (typeof TOKEN_PLACES)[number];

/** How a span is pushed. */
export interface PushOptions {
  /** Base URL; the paths of §3.4 are appended. */
  url: string;
  token?: string;
  tokenIn: TokenPlace;
  /** For the kinds that do not have one of their own. */
  envelope: Envelope;
  /** Names in `kinds.ts`; all when absent. */
  kinds?: string[];
  itemsPerBody: number;
  /** Share of bodies that are sent twice. */
  duplicates: number;
  /** Broken items for each good one. */
  broken: number;
  retrySpacingMs: number;
  tries: number;
  /** Bodies on their way at once; those that wait for another try do not count. */
  concurrency: number;
  mixedCase: boolean;
}

/** As the IoT Hub does it (reference §3.1). */
export const PUSH_DEFAULTS: Omit<PushOptions, "url"> = {
  tokenIn: "body",
  envelope: "E2",
  itemsPerBody: 50,
  duplicates: 0,
  broken: 0,
  retrySpacingMs: 120_000,
  tries: 3,
  concurrency: 4,
  mixedCase: false,
};
