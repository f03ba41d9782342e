/** The accounts of a world: a login and what lies below it. */
export interface Accounts {
  login: string;
  /** Accounts that own devices, as given. */
  withDevices: string[];
  /** True for the login and everything below it. */
  visible(account: string): boolean;
  /** Direct children, one level: clients have to recurse (reference §2.5). */
  childrenOf(account: string): string[];
}

/** @param specs names; `"parent/child"` lies below its parent, all others below the login */
export function createAccounts(specs: string[], user?: string): Accounts {
  const withDevices = specs.map((spec) => spec.split("/").at(-1) ?? spec);
  const login = user ?? withDevices[0] ?? "";
  const parents = new Map<string, string>();
  for (const spec of specs) {
    const [first = "", child] = spec.split("/");
    if (child !== undefined) parents.set(child, first);
    else if (first !== login) parents.set(first, login);
  }
  parents.delete(login);
  return {
    login,
    withDevices,
    visible: (account) => account === login || parents.has(account),
    childrenOf: (account) => [...parents].filter(([, parent]) => parent === account).map(([child]) => child),
  };
}
