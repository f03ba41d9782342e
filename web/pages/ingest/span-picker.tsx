import { Segmented } from "../../parts/segmented.tsx";
import { ingest } from "../../texts/ingest.ts";
import { SPAN_NAMES, useSpan } from "./views.ts";

const OPTIONS = SPAN_NAMES.map((value) => ({ value, label: ingest.span[value] }));

/** How far back the books, the calls and the pushes are looked at. */
export function SpanPicker() {
  const { span, setSpan } = useSpan();
  return <Segmented label={ingest.span.label} options={OPTIONS} value={span} onChange={setSpan} />;
}
