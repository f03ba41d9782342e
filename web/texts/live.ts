// Words of the live page that its first view does without.

import { plural } from "./plural.ts";

export const live = {
  nearest: {
    title: "Nearest vehicles",
    none: "No vehicle has a position",
    hint: "As the crow flies, to each vehicle's newest fix: look at its age before you send somebody.",
    behind: (time: string) => `As of ${time}: the database does not answer the server.`,
  },

  alarms: {
    name: "Alarms",
    asOf: (time: string) => `Last 12 hours, as of ${time}`,
    none: "No alarms",
    noneHint: "No vehicle has warned of anything in the last 12 hours.",
    readAll: "Mark all as read",
    isUnread: "New",
    unread: (count: string) => `${count} new`,
    group: (vehicles: number, shown: string, newest: string) =>
      `${shown} ${plural(vehicles, "vehicle", "vehicles")}, last ${newest}`,
    more: (count: string) => `Only the newest ${count} are shown.`,
    news: (count: number, shown: string) => `${shown} new ${plural(count, "alarm", "alarms")}`,
  },

  details: {
    facts: "What is known of it",
    follow: "Follow",
    history: "History",
    refresh: "Ask for its position",
    refreshTitle: (vehicle: string) => `Ask for the position of ${vehicle}`,
    refreshExplain:
      "Tracksolid is asked for the newest position now, instead of at the next poll. It takes up to half a minute and counts against the vendor's quota.",
    refreshed: (time: string) => `The newest fix is of ${time}. It shows on the map in a moment.`,
    refreshedNothing: "Tracksolid has no position of this device that can be believed.",
    since: (time: string, age: string) => `since ${time} (${age})`,
    sinceBefore: (time: string, age: string) => `since before ${time} (over ${age})`,
    lastHours: (hours: number) => `Last ${hours} hours`,
    lastStop: (time: string, place: string) => `Last stop at ${time}: ${place}`,
    tickets: "Open incidents near it",
    noTickets: "None within 30 km.",
    overdue: "overdue",
    notLive: "Not on the live map",
    notLiveHint: "It is out of service, hidden on maps, or was never heard of.",
    driver: "Driver",
    plate: "Plate",
    fix: "Last fix",
    contact: "Last contact",
    speed: "Speed",
    heading: "Heading",
    winds: ["N", "NE", "E", "SE", "S", "SW", "W", "NW"],
    ignition: "Ignition",
    on: "on",
    off: "off",
    odometer: "Odometer",
    power: "Battery",
    volts: "V",
    satellites: "Satellites",
    city: "City",
    account: "Account",
    type: "Type",
    imei: "IMEI",
  },
};
