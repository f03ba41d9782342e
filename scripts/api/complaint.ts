import * as z from "zod";

const problem = z.object({ title: z.string(), detail: z.string(), requestId: z.string() });

/** What an answer that is no success says, in a sentence. `body` is what its JSON holds, null where it is none. */
export function complaintOf(url: string, status: number, body: unknown): string {
  const read = problem.safeParse(body);
  if (!read.success) return strangerAt(url, status);
  const { title, detail, requestId } = read.data;
  return `${title}. ${detail} (request ${requestId})`;
}

/** What to say where something else than this API answers. */
export const strangerAt = (url: string, status?: number): string =>
  `${url} answers${status === undefined ? "" : ` ${status}`}, but not as this API does: is it the right URL?`;

/** What to say where nothing answers: the reason is behind what `fetch` says. */
export function unansweredBy(url: string, { message, cause }: Error): string {
  return `${url} does not answer: ${cause instanceof Error ? cause.message || message : message}`;
}
