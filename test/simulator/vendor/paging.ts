import { badParameter } from "./errors.ts";

/** The vendor's pages are no longer, whichever way they are counted. */
const LONGEST_PAGE = 100;

/** Rows of an answer: how many to skip and how many to give. */
export interface Page {
  skip: number;
  size: number;
}

/** A whole number of at least `least`; `usual` when it is absent. */
export function wholeIn(params: Record<string, string>, name: string, least: number, usual: number): number {
  const text = params[name];
  if (text === undefined || text === "") return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw badParameter(`${name} must be a whole number from ${least}`);
  }
  return value;
}

export function pageSizeIn(params: Record<string, string>, usual: number): number {
  const size = wholeIn(params, "page_size", 1, usual);
  if (size > LONGEST_PAGE) throw badParameter(`page_size must be 1 to ${LONGEST_PAGE}`);
  return size;
}

/** `page_no`, counted from 1, and `page_size`. */
export function numberedPageIn(params: Record<string, string>, usualSize: number): Page {
  const size = pageSizeIn(params, usualSize);
  return { skip: (wholeIn(params, "page_no", 1, 1) - 1) * size, size };
}

export const rowsOf = <T>(rows: T[], { skip, size }: Page): T[] => rows.slice(skip, skip + size);
