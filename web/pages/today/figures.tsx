import type { ComponentChildren } from "preact";
import { durationS, km, litres, metres, number, percent } from "../../parts/format.ts";
import { dateTime, msOf } from "../../parts/time.ts";
import { Text } from "../../parts/value.tsx";
import { words } from "../../texts/today.ts";

/** The figures of an insight, each with its name and unit. Whatever is in them is text. */
export function Figures({ of }: { of: Record<string, unknown> }) {
  const entries = Object.entries(of).sort(([a], [b]) => placeOf(a) - placeOf(b));
  if (entries.length === 0) return <p class="soft small">{words.noFigures}</p>;
  // A threshold that nobody has raised is as it is.
  const plain = entries.filter(([name, value]) => !isRows(value) && !(name === "bar" && value === 1));
  const lists = entries.filter((entry): entry is [string, Record<string, unknown>[]] => isRows(entry[1]));
  return (
    <>
      <dl class="today-figures">
        {plain.map(([name, value]) => (
          <div key={name}>
            <dt>{nameOf(name)}</dt>
            <dd>{cellOf(name, value)}</dd>
          </div>
        ))}
      </dl>
      {lists.map(([name, rows]) => (
        <Rows key={name} name={name} rows={rows} />
      ))}
    </>
  );
}

function Rows({ name, rows }: { name: string; rows: Record<string, unknown>[] }) {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].sort(
    (a, b) => placeOf(a) - placeOf(b),
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
    <section class="table-box" tabIndex={0} aria-label={nameOf(name)}>
      <table class="table">
        <caption class="unseen">{nameOf(name)}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {nameOf(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((column) => (
                <td key={column}>{cellOf(column, row[column] ?? null)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const isRows = (value: unknown): value is Record<string, unknown>[] =>
  Array.isArray(value) && value.length > 0 && value.every((row) => row !== null && typeof row === "object");

const ORDER = Object.keys(words.evidence);

/** JSON has lost their order: those that are listed come first. */
function placeOf(name: string): number {
  const at = ORDER.indexOf(name);
  return at < 0 ? ORDER.length : at;
}

/** A name that is not listed is made of its own parts, without its unit. */
function nameOf(name: string): string {
  const known = Object.hasOwn(words.evidence, name) ? words.evidence[name] : undefined;
  if (known !== undefined) return known;
  const parts = name
    .replace(/(?<=[a-z])(S|Km|Kmh|M|L|At|Share)$/, "")
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return parts.charAt(0).toUpperCase() + parts.slice(1);
}

/** Units are at the end of the names. */
function cellOf(name: string, value: unknown): ComponentChildren {
  if (value === null || value === undefined) return <Text of={null} />;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return <span class="figures">{written(name, value)}</span>;
  if (typeof value === "string") {
    if (/^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(msOf(value)))
      return <span class="figures">{dateTime(value)}</span>;
    return <Text of={value.replaceAll("_", " ")} />;
  }
  if (Array.isArray(value)) return value.length === 0 ? words.no : value.map(String).join(", ");
  return JSON.stringify(value);
}

function written(name: string, value: number): string {
  const unit = /(?<=[a-z])(S|Km|M|L)$/.exec(name)?.[1];
  if (unit === "S") return durationS(value);
  if (unit === "Km") return km(value);
  if (unit === "M") return metres(value);
  if (unit === "L") return litres(value);
  if (/confidence$/i.test(name)) return percent(value);
  return number(value, Number.isInteger(value) ? 0 : 2);
}
