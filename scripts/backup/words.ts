import { durationWords } from "../../shared/text.ts";

/** Numbers as people read them. */
export const megabytes = (bytes: number) => (bytes / 1_000_000).toFixed(1);

export const counted = (count: number) => count.toLocaleString("en");

export const ago = (ms: number) => `${durationWords(Math.max(0, ms) / 1_000)} ago`;
