import { t } from "../texts/en.ts";

/**
 * A value that may be unknown: then it is written so, and looks so.
 * @example <Value of={trip.distanceKm} as={km} />
 */
export function Value<T>({ of, as }: { of: T | null | undefined; as: (value: T) => string }) {
  if (of === null || of === undefined) return <span class="not-known">{t.unknown}</span>;
  return <span class="figures">{as(of)}</span>;
}

/** Text that may be missing, such as a driver's name. Whatever it holds is text. */
export const Text = ({ of }: { of: string | null | undefined }) => (
  <span class={of ? undefined : "not-known"}>{of || t.unknown}</span>
);
