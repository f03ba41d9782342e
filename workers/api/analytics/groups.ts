import { z } from "@hono/zod-openapi";
import { plainText } from "../filters.ts";
import { readPlaceWord } from "../place-word.ts";

const GROUPS = ["vehicle", "account", "city", "segment", "vehicle_type", "day"] as const;

export type Group = (typeof GROUPS)[number];

/** What figures are added up by, in a query string. */
export const groupBy = z
  .enum(GROUPS)
  .default("vehicle")
  .openapi({ description: "What is added up: account, city … of vehicles as they are now", example: "city" });

/** What a group is, beside its figures. */
export const groupFields = {
  key: z.string().nullable().openapi({
    description: "IMEI, account, city …, or day; null: vehicles without one, the last of the list",
  }),
  name: z.string().nullable().openapi({ description: "Of a vehicle" }),
  plate: z.string().nullable().openapi({ description: "Of a vehicle" }),
};

/** The group that the page before ended with; null for the first page. @throws ApiProblem `invalid_request` */
export function groupAfter(group: Group, after: string | undefined): string | null {
  if (after === undefined) return null;
  return readPlaceWord(z.tuple([z.literal(group), plainText]), "after", after)[1];
}
