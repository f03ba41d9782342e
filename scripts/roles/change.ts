/** Something that is not as it should be. */
export interface Change {
  /** For a person. */
  line: string;
  /** What makes it so. */
  statement: string;
  /**
   * `function`, `setting`: only a superuser can; without one it stays as it is on any server. `extension`: the same, and while it
   * is open whoever may connect can destroy what others store.
   */
  topic: "role" | "database" | "function" | "setting" | "extension";
  /** The role that gets a new password by it. */
  passwordOf?: string;
}
