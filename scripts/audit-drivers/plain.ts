// Forms in which values are the same that people write differently; null where there is none.

export const plainName = (name: string | null): string | null =>
  name?.trim().replaceAll(/\s+/g, " ").toLowerCase() || null;

/** What cannot be a number is none: devices without a card have 0 or a dash. */
export function plainSim(sim: string | null): string | null {
  const digits = sim?.replaceAll(/[^0-9]/g, "") ?? "";
  return /^0*$/.test(digits) ? null : digits;
}

const IMEI_DIGITS = 15;

/** Whether the last of 15 digits is not what the others add up to (Luhn). Shorter and longer ones have none. */
export function checkDigitIsWrong(imei: string): boolean {
  if (imei.length !== IMEI_DIGITS) return false;
  const sum = [...imei].reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 !== 0;
}
