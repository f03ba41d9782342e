import * as z from "zod";
import { askApi } from "../api/ask.ts";
import { fine, type Line, wrong } from "../api/line.ts";
import type { Api } from "../api/open.ts";

const arrivals = z.object({
  accounts: z.array(z.object({ account: z.string(), vehicles: z.number(), imei: z.string().nullable() })),
  kinds: z.array(
    z.object({
      kind: z.string(),
      messages: z.number(),
      items: z.number(),
      written: z.number(),
      rejected: z.number(),
      accounts: z.array(z.string()),
    }),
  ),
});
export type Arrivals = z.output<typeof arrivals>;

/** What has been pushed since an instant. @throws with what the API said */
export async function askArrivals(api: Api, since: string): Promise<Arrivals> {
  const found = await askApi(api, `/v1/pushes?${new URLSearchParams({ from: since })}`, arrivals);
  if (found === null) throw new Error(`${api.url} knows no /v1/pushes: deploy this version there first.`);
  return found;
}

/** This command's own pushes are of this kind, and so are those of the canary device. */
const ALSO_OURS = "pushgps";

/** A kind came where an account did; of what names no vehicle that is known, where something was written or refused. */
const hasCome = ({ kind, written, rejected, accounts }: Arrivals["kinds"][number]) =>
  accounts.length > 0 || (kind !== ALSO_OURS && written + rejected > 0);

/** A row for each path that came, with the accounts of whose vehicles it told. */
export const rowsOf = ({ accounts, kinds }: Arrivals): Record<string, string | number>[] =>
  kinds.filter(hasCome).map(({ kind, messages, items, accounts: heard }) => ({
    ...{ path: kind, messages, items },
    ...Object.fromEntries(
      accounts.map(({ account }) => [account, heard.includes(account) ? "came" : "never"]),
    ),
  }));

/** What is missing. `isJudged`: whether an account of which nothing came is wrong, or was to be expected. */
export function missing({ accounts, kinds }: Arrivals, isJudged: boolean): Line[] {
  const absent = kinds.filter((kind) => !hasCome(kind)).map(({ kind }) => kind);
  const silent = accounts.filter(({ account }) => !kinds.some(({ accounts }) => accounts.includes(account)));
  return [
    ...silent.map(({ account, vehicles }) =>
      vehicles === 0
        ? fine(`${account} has no vehicle that is known yet`)
        : (isJudged ? wrong : fine)(`nothing was pushed of the ${vehicles} vehicles of ${account}`),
    ),
    ...(absent.length === 0 ? [] : [fine(`paths never seen: ${absent.join(", ")}`)]),
  ];
}
