import { type Block, readTexts, type Tags, textOf } from "./primitives.ts";

/** What a place has to be. */
export interface Wanted {
  /** Tags that it has to have; any value will do where none is named. */
  tags: { key: string; value: string | undefined }[];
  brand: string | undefined;
}

/** Reads the options. @throws with what to write instead */
export function readWanted(values: {
  amenity?: string | undefined;
  brand?: string | undefined;
  tag?: string[] | undefined;
}): Wanted {
  const tags = (values.tag ?? []).map((text) => {
    const [, key, value] = /^([^=\s]+)=(.+)$/su.exec(text) ?? [];
    if (key === undefined)
      throw new Error(`--tag "${text}" is no tag: write KEY=VALUE, or KEY=* for any value.`);
    return { key, value: value === "*" ? undefined : folded(value ?? "") };
  });
  if (values.amenity !== undefined) tags.unshift({ key: "amenity", value: folded(values.amenity) });
  const brand = values.brand === undefined ? undefined : folded(values.brand);
  if (brand === "" || tags.some(({ value }) => value === ""))
    throw new Error("An empty value matches nothing.");
  if (tags.length === 0 && brand === undefined) {
    throw new Error(
      "Say which places: --amenity fuel, --brand Shell or --tag shop=car_repair, or several of them.",
    );
  }
  return { tags, brand };
}

/** People write Shell, SHELL and shell. */
const folded = (text: string) => text.trim().toLowerCase();

/** Several values of a tag are parted so. */
const parts = (value: string) => value.split(";").map(folded);

const ASCII = /^[\x20-\x7e]+$/;

/** What the texts of a block have to have for any place in it to match: most have not, and are not looked at further. */
function needles({ tags, brand }: Wanted): RegExp[] {
  const texts = tags.map(({ key, value }) => value ?? key);
  // Words of a name may be parted otherwise.
  if (brand !== undefined) texts.push(...words(brand).split(" "));
  return texts
    .filter((text) => ASCII.test(text))
    .map((text) => new RegExp(text.replace(/[^A-Za-z0-9]/g, "\\$&"), "i"));
}

/** Whether tags of a block are of a place that is wanted; what they are, if so. */
export type Matcher = (tags: Tags) => Record<string, string> | undefined;

/** @returns for each block what tells its matches, or undefined where it cannot have any */
export function matcherOf(wanted: Wanted): (block: Block) => Matcher | undefined {
  const wants = needles(wanted);
  const names = wanted.tags.length > 0 ? wanted.tags.map(({ key }) => key) : ["brand", "operator", "name"];
  const keys = names.map((name) => Buffer.from(name));
  return (block) => {
    const texts = block.bytes.toString("latin1", ...block.texts);
    if (!wants.every((needle) => needle.test(texts))) return undefined;
    readTexts(block);
    const known = new Set<number>();
    for (const [index, [from, to]] of block.text.entries()) {
      const isKey = (key: Buffer) => key.length === to - from && key.equals(block.bytes.subarray(from, to));
      if (keys.some(isKey)) known.add(index);
    }
    return (tags) => {
      if (!tags.some((index, at) => at % 2 === 0 && known.has(index))) return undefined;
      const named = namedTags(block, tags);
      return isWanted(wanted, named) ? named : undefined;
    };
  };
}

function namedTags(block: Block, tags: Tags): Record<string, string> {
  const named: Record<string, string> = Object.create(null);
  for (let at = 0; at + 1 < tags.length; at += 2) {
    named[textOf(block, tags[at] ?? -1)] = textOf(block, tags[at + 1] ?? -1);
  }
  return named;
}

function isWanted({ tags, brand }: Wanted, named: Record<string, string>): boolean {
  return (
    tags.every(({ key, value }) => {
      const has = named[key];
      return has !== undefined && (value === undefined || parts(has).includes(value));
    }) &&
    (brand === undefined || isOfBrand(brand, named))
  );
}

/** By its brand. Where nobody noted one, by its operator; without either by whole words of its name. */
function isOfBrand(wanted: string, { brand, operator, name }: Record<string, string>): boolean {
  const told = brand ?? operator;
  if (told !== undefined) return parts(told).includes(wanted);
  return name !== undefined && ` ${words(name)} `.includes(` ${words(wanted)} `);
}

const words = (text: string) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "")
    .join(" ");
