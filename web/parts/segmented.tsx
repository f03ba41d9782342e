import { useId } from "preact/hooks";

/** One of a few, all of them seen: radio buttons drawn as one bar. */
export function Segmented<V extends string>({
  label,
  showLabel = false,
  options,
  value,
  onChange,
}: {
  label: string;
  showLabel?: boolean;
  options: readonly { value: V; label: string }[];
  value: V | null;
  onChange: (value: V) => void;
}) {
  const name = useId();
  return (
    <fieldset class="segmented-set">
      <legend class={showLabel ? "label" : "unseen"}>{label}</legend>
      <div class="segmented">
        {options.map((option) => (
          <label key={option.value}>
            <input
              type="radio"
              class="unseen"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
