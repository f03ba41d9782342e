import { listLocations } from "../../shared/jimi/methods.ts";
import { listAccounts } from "./list-accounts.ts";
import { emptyOutcome, type PollContext, type PollOutcome } from "./outcome.ts";

/** Every minute: the last position of every device of every account. Touches no database. */
export async function pollLive(context: PollContext): Promise<PollOutcome> {
  const outcome = emptyOutcome();
  const { accounts, imeis } = await listAccounts(context, outcome, "location", (account) =>
    listLocations(context.client, account),
  );
  outcome.listed = { accounts, vehicles: imeis.size };
  return outcome;
}
