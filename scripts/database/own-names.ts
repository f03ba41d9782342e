// In a database that was adopted, views of the earlier system keep their names until the cut-over. Ours have
// another for so long, which private.kept_names lists.

/** How a view of ours is called while another has its name. */
export const ownName = (name: string): string => `${name}_ours`;

/** A statement about ours, where others have some of their names. */
export const withOwnNames = (sql: string, kept: string[]): string =>
  kept.reduce(
    (text, name) =>
      text.replace(new RegExp(`(?<![\\w.])${name.replace(".", "\\.")}(?!\\w)`, "g"), ownName(name)),
    sql,
  );

/** How theirs are called when ours have their names. */
export const beforeName = (name: string): string => `${name}_before`;
