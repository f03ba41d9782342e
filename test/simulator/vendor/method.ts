import type { Network } from "../roads/network.ts";
import type { World } from "../world/world.ts";
import { badParameter, illegal } from "./errors.ts";

/** A verified call of one method. */
export interface Call {
  world: World;
  /** Common and private parameters together. */
  params: Record<string, string>;
}

/** What a method answers; reports put their rows into `data` and leave `result` null (reference §1.7). */
export interface Answer {
  result: unknown;
  data?: unknown;
  message?: string;
}

/** One method of the vendor. A new one is a file in `methods/` and a line in `methods.ts`. */
export interface Method {
  name: string;
  needsToken: boolean;
  /** @throws VendorError */
  answer(call: Call): Answer;
}

/** A parameter that must be there. */
export function required(params: Record<string, string>, name: string): string {
  const value = params[name];
  if (value === undefined || value === "") throw badParameter(`${name} is required`);
  return value;
}

/** The account named by a parameter, which must be the login or lie below it. */
export function accountIn({ world, params }: Call, name: string): string {
  const account = required(params, name);
  if (!world.accounts.visible(account)) throw illegal("user or device");
  return account;
}

/** The display name the platform shows for an account. */
export const customerName = (account: string): string => account.replaceAll(/[_@.]+/g, " ");

/** Group devices are sorted into: one per city. */
export function groupOf(network: Network): { deviceGroupId: string; deviceGroup: string } {
  const number = { Nairobi: 1, Mombasa: 2, Kampala: 3 }[network.city.name];
  return { deviceGroupId: String(number).padStart(32, "0"), deviceGroup: network.city.name };
}
