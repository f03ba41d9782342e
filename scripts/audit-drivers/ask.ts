import * as z from "zod";
import { sleep } from "../../shared/time.ts";
import { askApi, Refused } from "../api/ask.ts";
import { strangerAt } from "../api/complaint.ts";
import type { Api } from "../api/open.ts";
import type { Bar } from "../progress.ts";

const text = z.string().nullable();

const said = { name: text, plate: text, driver: text, driverPhone: text, sim: text };

const listsAnswer = z.object({
  accounts: z.array(z.object({ account: z.string(), devices: z.number() })),
  devices: z.array(
    z.object({
      imei: z.string(),
      listed: z.array(z.object({ account: z.string(), ...said })),
      registry: z
        .object({
          enabled: z.boolean(),
          account: text,
          ...said,
          ownPlate: z.boolean(),
          ownDriver: z.boolean(),
        })
        .nullable(),
    }),
  ),
  unreadable: z.array(z.object({ account: z.string(), imei: text, name: text })),
});

const detailAnswer = z.object({ account: text, ...said });

/** What the accounts list, beside the registry. */
export type Lists = z.output<typeof listsAnswer>;
/** What the vendor says of one device in full; null where it does not let us see it. */
export type Detail = z.output<typeof detailAnswer> | null;

const TRIES = 3;

/** A quota that is used up lasts until midnight: that is not waited for. */
const LONGEST_WAIT_S = 60;

/** @throws with what the API said */
export async function askLists(api: Api): Promise<Lists> {
  const lists = await askApi(api, "/v1/vendor/devices", listsAnswer);
  if (lists === null) throw new Error(strangerAt(api.url, 404));
  return lists;
}

/** Asks for devices one by one: the vendor's pace is shared with the polls. @throws with what the API said */
export async function askDetails(api: Api, imeis: string[], bar: Bar): Promise<Map<string, Detail>> {
  const details = new Map<string, Detail>();
  for (const imei of imeis) {
    details.set(imei, await askDetail(api, imei));
    bar.add(1);
  }
  return details;
}

async function askDetail(api: Api, imei: string): Promise<Detail> {
  for (let tries = 1; ; tries++) {
    try {
      return await askApi(api, `/v1/vendor/devices/${imei}`, detailAnswer);
    } catch (error) {
      const waitS = error instanceof Refused ? error.retryAfterS : null;
      if (waitS === null || waitS > LONGEST_WAIT_S || tries === TRIES) throw error;
      await sleep(waitS * 1_000);
    }
  }
}
