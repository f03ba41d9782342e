import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { shared } from "../texts/shared.ts";
import "../styles/charts.css";

/** A chart's figures as a table, for who does not see it or wants them exactly; made when it is opened. */
export function AsTable({
  caption,
  head,
  rows,
}: {
  caption: string;
  head: readonly string[];
  rows: () => readonly (readonly ComponentChildren[])[];
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{shared.charts.asTable}</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section class="table-box" style={{ maxHeight: "320px" }} tabIndex={0} aria-label={caption}>
          <table class="table">
            <caption class="unseen">{caption}</caption>
            <thead>
              <tr>
                {head.map((word) => (
                  <th key={word} scope="col">
                    {word}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map(([first, ...others], at) => (
                <tr key={at}>
                  <th scope="row">{first}</th>
                  {others.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
