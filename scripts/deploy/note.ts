/** What a deploy writes on the version it uploads, to be read by the next one and by a rollback. */
export interface Note {
  /** The commit, shortened as git does. */
  commit: string;
  /** Number of the newest migration of its tree. */
  schema: number;
  /** Of its Durable Object classes. */
  objects: string;
}

const FORM = /^commit ([0-9a-f]{7,40}), schema (\d+), objects ([0-9a-f]{8})$/;

/** As the version's message says it; Cloudflare takes a hundred characters. */
export const writeNote = ({ commit, schema, objects }: Note): string =>
  `commit ${commit}, schema ${String(schema).padStart(4, "0")}, objects ${objects}`;

/** Null where somebody else wrote it. */
export function readNote(message: string | undefined): Note | null {
  const [, commit, schema, objects] = FORM.exec(message ?? "") ?? [];
  if (commit === undefined || schema === undefined || objects === undefined) return null;
  return { commit, schema: Number(schema), objects };
}
