import { ROUNDED, ROUNDED_IMEI } from "../../shared/tickets/fields.ts";

/** A value that cannot be; the message says why. */
export class Wrong extends Error {
  override name = "Wrong";
}

/** How a column is read from text, and how values are told apart. */
export interface Kind {
  /** The value in the form in which it is stored and compared. @throws Wrong */
  read(text: string): string;
  /** Brings what the database holds to that form. */
  stored?(text: string): string;
}

/** Nobody's name, plate or city is longer: more is a broken file. */
const LONGEST_TEXT = 200;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const CONTROL = /[\u0000-\u001f\u007f]/;

export const text: Kind = {
  read(value) {
    if (CONTROL.test(value)) throw new Wrong("has control characters or a line break");
    if (value.length > LONGEST_TEXT) throw new Wrong(`is longer than ${LONGEST_TEXT} characters`);
    return value;
  },
};

/** What is compared without regard to capitals. */
export const smallText: Kind = { read: (value) => text.read(value).toLowerCase() };

export const imei: Kind = {
  read(value) {
    if (ROUNDED.test(value)) throw new Wrong(ROUNDED_IMEI);
    if (!/^\d{14,17}$/.test(value)) throw new Wrong("is no IMEI: 14 to 17 digits");
    return value;
  },
};

/** A number over 0 with so many decimals at most. What is stored as `real` keeps seven digits. */
export function number(most: number, decimals: number, least: "over 0" | "0 or more" = "over 0"): Kind {
  const shape = new RegExp(decimals === 0 ? "^\\d+$" : `^\\d+(\\.\\d{1,${decimals}})?$`);
  const words = `${least}, at most ${most}, with ${decimals === 0 ? "no" : `up to ${decimals}`} decimals and a point`;
  return {
    read(value) {
      const read = Number(value);
      if (!shape.test(value) || read > most || (least === "over 0" && read === 0)) {
        throw new Wrong(`is no number ${words}`);
      }
      return String(read);
    },
    stored: (value) => String(Number(value)),
  };
}

export function oneOf(...values: string[]): Kind {
  return {
    read(value) {
      const found = values.find((known) => known === value.toLowerCase());
      if (found === undefined) throw new Wrong(`is none of ${values.join(", ")}`);
      return found;
    },
  };
}

export const date: Kind = {
  read(value) {
    const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T00:00:00Z`) : null;
    if (!day || Number.isNaN(day.getTime()) || !day.toISOString().startsWith(value)) {
      throw new Wrong("is no day: YYYY-MM-DD");
    }
    return value;
  },
};

export const timeOfDay: Kind = {
  read(value) {
    const [, hour = "", minute = ""] = /^(\d{1,2}):([0-5]\d)(?::00)?$/.exec(value) ?? [];
    if (hour === "" || Number(hour) > 23) throw new Wrong("is no time of day: HH:MM, 00:00 to 23:59");
    return `${hour.padStart(2, "0")}:${minute}`;
  },
};

export const currency: Kind = {
  read(value) {
    if (!/^[A-Z]{3}$/.test(value)) throw new Wrong("is no ISO 4217 code, such as KES");
    return value;
  },
};

/** People write plates with and without spaces, in capitals or not. */
export const plainPlate = (plate: string): string => plate.replaceAll(/[\s-]/g, "").toUpperCase();
