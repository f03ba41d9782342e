import { z } from "@hono/zod-openapi";
import { STATUSES } from "../../../shared/live/status.ts";
import { plainText } from "../filters.ts";
import { exampleVehicle, nextPage } from "../schemas.ts";

const MOST_NUMBER_CHARS = 500;

/** The number of a ticket, in a path. */
export const ticketParams = (example: string) =>
  z.object({
    number: plainText
      .trim()
      .min(1, "must not be empty")
      .max(MOST_NUMBER_CHARS, `must be at most ${MOST_NUMBER_CHARS} characters`)
      .openapi({ type: "string", param: { name: "number", in: "path" }, example }),
  });

const text = z.string().nullable();
const number = z.number().nullable();
const seconds = z.int().nullable();
const instant = z.iso.datetime().nullable();

const visit = z
  .object({
    outcome: z
      .enum(["visited", "passed", "elsewhere", "no_fixes", "no_vehicle", "no_position", "no_time"])
      .openapi({
        description:
          "passed: within the visit distance, shorter than the visit time. no_fixes: nobody knows where it was. no_vehicle: assigned to none, or its driver had none. no_position: the ticket has no place. no_time: resolved before it was opened",
        "x-extensible-enum": true,
      }),
    visited: z.boolean().nullable().openapi({ description: "null where that cannot be said" }),
    confidence: number.openapi({
      description:
        "How sure a visit is, 0 to 1: 1 it stood there under our eyes, 0.5 it crept there, 0.25 all of it lies in gaps",
    }),
    imei: text.openapi({
      description: "The vehicle it was assigned to; of several the one that was there longest",
    }),
    name: text,
    plate: text,
    assignedBy: z
      .enum(["imei", "driver"])
      .nullable()
      .openapi({ description: "The ticket names the vehicle; or its driver, who had it then" }),
    arrivedAt: instant.openapi({ description: "Beginning of the longest stay within the visit distance" }),
    leftAt: instant.openapi({ description: "Its end, as far as it is known" }),
    durationS: seconds.openapi({ description: "How long it was; gaps within are in it" }),
    stoodS: seconds.openapi({ description: "Of it standing" }),
    unseenS: seconds.openapi({ description: "Of it in gaps after moving: it may have left and come back" }),
    longestGapS: seconds,
    hasGap: z.boolean().nullable(),
    fixes: seconds.openapi({ description: "Fixes of the stay" }),
    nearestM: number.openapi({ description: "How near it came, m; null beyond 1 km, unless set otherwise" }),
    arrivedInTime: z
      .boolean()
      .nullable()
      .openapi({ description: "A visit began before it was due; null without one, or without a due time" }),
  })
  .openapi("TicketVisit");

const neighbour = z
  .object({
    imei: z.string(),
    name: text,
    plate: text,
    driver: text,
    status: z.enum(STATUSES).openapi({ description: "As in /v1/live" }),
    lat: z.number(),
    lng: z.number(),
    distanceKm: z.number().openapi({ description: "As the crow flies" }),
    fixAt: z.iso.datetime(),
    fixAgeS: z.int().openapi({ description: "Look at it before you send somebody" }),
  })
  .openapi("TicketNeighbour");

/** What is told of a ticket, but for its evidence. */
const facts = {
  number: z.string(),
  state: text.openapi({ description: "In the words of the system that has the tickets, as the next two" }),
  isOpen: z.boolean().openapi({ description: "Still to be done" }),
  priority: text,
  area: text,
  lat: number.openapi({ description: "Its place; null where none is known" }),
  lng: number,
  openedAt: instant,
  dueAt: instant,
  isOverdue: z.boolean().openapi({ description: "Open, and due before now" }),
  resolvedAt: instant.openapi({ description: "null while it is open" }),
  driver: text.openapi({ description: "Whom it is assigned to" }),
  imei: text.openapi({ description: "The vehicle that it names; may be one that nobody has heard of" }),
};

const ticketObject = z.object({
  ...facts,
  visit: visit.nullable().openapi({
    description:
      "Whether its vehicle was there between opened and resolved, or now. null of one that lasted over 31 days, unless it is asked for by its number; of one without a time, or yet to be opened; and in GeoJSON where the vehicle is left out of maps",
  }),
  nearest: z
    .array(neighbour)
    .nullable()
    .openapi({ description: "Nearest first; null unless asked for, of one that is open and has a place" }),
});

const exampleTicket = {
  ...{ number: "INC-20481", state: "Assigned", isOpen: true, priority: "P2", area: "Westlands" },
  ...{ lat: -1.2641, lng: 36.8045 },
  openedAt: "2026-01-15T06:00:00Z",
  dueAt: "2026-01-15T10:00:00Z",
  ...{ isOverdue: false, resolvedAt: null, driver: exampleVehicle.driver, imei: null },
  visit: {
    ...{ outcome: "visited" as const, visited: true, confidence: 0.96 },
    ...{ imei: exampleVehicle.imei, name: exampleVehicle.name, plate: exampleVehicle.plate },
    assignedBy: "driver" as const,
    arrivedAt: "2026-01-15T07:12:10Z",
    leftAt: "2026-01-15T07:41:40Z",
    ...{ durationS: 1_770, stoodS: 1_690, unseenS: 0, longestGapS: 0, hasGap: false, fixes: 60 },
    ...{ nearestM: 12.4, arrivedInTime: true },
  },
  nearest: [
    {
      ...{ imei: exampleVehicle.imei, name: exampleVehicle.name, plate: exampleVehicle.plate },
      ...{ driver: exampleVehicle.driver, status: "idling" as const, lat: -1.2864, lng: 36.8172 },
      ...{ distanceKm: 2.857, fixAt: "2026-01-15T08:30:00Z", fixAgeS: 10 },
    },
  ],
};

/** A ticket with what is known of visits to it. */
export const ticket = ticketObject.openapi("Ticket", { example: exampleTicket });

export const ticketList = z
  .object({ tickets: z.array(ticket), next: nextPage })
  .openapi("TicketList", { example: { tickets: [exampleTicket], next: null } });

export const ticketCollection = z
  .object({
    type: z.literal("FeatureCollection"),
    features: z.array(
      z.object({
        type: z.literal("Feature"),
        id: z.string(),
        geometry: z.object({
          type: z.literal("Point"),
          coordinates: z.tuple([z.number(), z.number()]),
        }),
        properties: ticket,
      }),
    ),
    next: nextPage,
  })
  .openapi("TicketCollection", {
    example: {
      type: "FeatureCollection",
      features: [
        {
          ...{ type: "Feature", id: exampleTicket.number, properties: exampleTicket },
          geometry: { type: "Point", coordinates: [exampleTicket.lng, exampleTicket.lat] },
        },
      ],
      next: null,
    },
  });
