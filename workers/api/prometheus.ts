/** A figure of a family, at the moment it is asked for. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

/** Figures of one name. */
export interface Family {
  name: string;
  help: string;
  samples: Sample[];
}

/** The media type of the text format. */
export const PROMETHEUS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** Families of gauges in Prometheus' text format 0.0.4. One without a figure is left out. */
export function toPrometheus(families: Family[]): string {
  return families
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) =>
      [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} gauge`, ...samples.map(lineOf(name)), ""].join(
        "\n",
      ),
    )
    .join("");
}

const lineOf =
  (name: string) =>
  ({ labels, value }: Sample): string => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
    return `${name}${pairs.length > 0 ? `{${pairs.join()}}` : ""} ${number(value)}`;
  };

const escapeHelp = (text: string) => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");

const escapeLabel = (text: string) => escapeHelp(text).replaceAll('"', '\\"');

/** Go's words for what is not finite. */
function number(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}
