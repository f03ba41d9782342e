import { listLocations } from "../../shared/jimi/methods.ts";
import { listAccounts } from "./list-accounts.ts";
import type { PollContext } from "./outcome.ts";

/** Every minute: the last position of every device of every account. Touches no database. */
export async function pollLive(context: PollContext): Promise<void> {
  const { accounts, imeis } = await listAccounts(context, "location", (account) =>
    listLocations(context.client, account),
  );
  context.outcome.listed = { accounts, vehicles: imeis.size };
}
