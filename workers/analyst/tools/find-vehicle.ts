import * as z from "zod";
import selectVehicles from "#sql/workers/analyst/tools/find-vehicle.sql";
import { plain } from "../../../shared/text.ts";
import { defineTool } from "../tool.ts";
import { listOf } from "./list-of.ts";

/** Who does not find it among ten has to say more. */
const MOST_VEHICLES = 10;

/** No name of a vehicle is longer, and each letter costs. */
const LONGEST_TEXT = 60;

/** `find_vehicle`: from what people say to the IMEI that everything else is asked by. */
export const findVehicle = defineTool({
  name: "find_vehicle",
  title: "Find a vehicle",
  description: `Vehicles that a text may mean: plate, driver, IMEI or its last digits, device name, or words of several of these; case, spaces and dashes do not matter, and small mistakes are forgiven. At most ${MOST_VEHICLES}, best first. \`how\` is, ends_with, begins_with or contains; is_like is a guess (\`likeness\`, 0 to 1): ask the person which one. \`matched\` says in what. The driver is the one of now; disabled vehicles are listed, too. Everything else is asked by \`imei\`.`,
  input: z.object({
    text: z
      .string()
      .trim()
      .min(1)
      .max(LONGEST_TEXT)
      .describe("For instance KDA 123A, Wanjiku Kamau or 12345"),
  }),
  async run({ text }, { read }) {
    const found = await read<{ truncated: boolean }>(selectVehicles, [
      plain(text, LONGEST_TEXT),
      MOST_VEHICLES,
    ]);
    return listOf(
      found.map(({ truncated, ...vehicle }) => vehicle),
      found[0]?.truncated ?? false,
    );
  },
});
