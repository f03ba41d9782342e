import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import { useAnswer } from "../shell/answer.ts";
import { ask } from "../shell/api.ts";
import { useFleet } from "../shell/fleet.ts";
import { shared } from "../texts/shared.ts";
import { StatusMark } from "./badge.tsx";
import { count } from "./format.ts";
import { labelOf, type NamedVehicle, ofLive, ofRegistry, search, whoOf } from "./vehicle-names.ts";
import "../styles/table.css";

/** More are not read by anybody: another letter finds the rest. */
const SHOWN = 40;
/** The registry is asked once the reader has stopped typing. */
const TYPED_MS = 300;

/**
 * Chooses vehicles by plate, name, driver or IMEI: of the live fleet, and of the registry those that are not in service any
 * more. An editable combobox with a list (ARIA 1.2).
 * @param value IMEIs, in the order chosen
 */
export function VehiclePicker({
  label,
  value,
  onChange,
  most = 1,
}: {
  label?: string;
  value: readonly string[];
  onChange: (imeis: string[]) => void;
  /** How many at once; with 1 another choice takes its place. */
  most?: number;
}) {
  const fleet = useFleet().value;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const isFull = most > 1 && value.length >= most;
  const [isWanted, setOpen] = useState(false);
  const isOpen = isWanted && !isFull;
  const [active, setActive] = useState(0);
  const retired = useRetired(isOpen ? text : "");
  const options = useMemo(() => {
    if (!isOpen) return [];
    const live = search([...fleet.values()].map(ofLive), text);
    const others = retired.filter(({ imei }) => !fleet.has(imei));
    return [...live, ...others].filter(({ imei }) => !value.includes(imei));
  }, [isOpen, text, fleet, retired, value]);
  const shown = options.slice(0, SHOWN);
  const at = Math.min(active, shown.length - 1);

  function choose(imei: string) {
    onChange(most === 1 ? [imei] : [...value, imei]);
    setText("");
    setActive(0);
    if (most === 1) setOpen(false);
  }

  function onKeyDown(event: KeyboardEvent) {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else setActive(Math.max(0, Math.min(shown.length - 1, at + step)));
    }
    if (event.key === "Enter" && isOpen && shown[at]) {
      event.preventDefault();
      choose(shown[at].imei);
    }
    if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    }
    if (event.key === "Backspace" && text === "" && value.length > 0) onChange(value.slice(0, -1));
  }

  useEffect(() => {
    if (isOpen) document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: "nearest" });
  }, [id, at, isOpen]);

  return (
    <div
      class="picker"
      onFocusOut={(event) => {
        if (!(event.relatedTarget instanceof Node) || !event.currentTarget.contains(event.relatedTarget))
          setOpen(false);
      }}
    >
      <label class="label" for={id}>
        {label ?? (most === 1 ? shared.picker.vehicle : shared.picker.vehicles)}
      </label>
      <div class="picker-field">
        {value.map((imei) => (
          <Chosen
            key={imei}
            imei={imei}
            name={fleet.get(imei)}
            onRemove={() => {
              onChange(value.filter((other) => other !== imei));
              input.current?.focus();
            }}
          />
        ))}
        <input
          ref={input}
          id={id}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={`${id}-list`}
          aria-activedescendant={isOpen && shown.length > 0 ? `${id}-${at}` : undefined}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="search"
          value={text}
          // Not `disabled`: whoever chose the last one has the focus here, and takes it back by a key.
          readOnly={isFull}
          placeholder={isFull ? shared.picker.full(most) : shared.picker.placeholder}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
            setOpen(true);
          }}
          onClick={() => setOpen(true)}
          onKeyDown={onKeyDown}
        />
      </div>
      {/* The field has the focus all the while: an option that was pressed must not take it. */}
      <div class="picker-list" hidden={!isOpen} onPointerDown={(event) => event.preventDefault()}>
        <div id={`${id}-list`} role="listbox" aria-label={label ?? shared.picker.vehicles}>
          {shown.map((vehicle, index) => (
            <Option
              key={vehicle.imei}
              id={`${id}-${index}`}
              vehicle={vehicle}
              isActive={index === at}
              onChoose={() => choose(vehicle.imei)}
            />
          ))}
        </div>
        {shown.length === 0 && <p class="soft">{shared.picker.none}</p>}
        {options.length > SHOWN && <p class="soft">{shared.picker.more(count(options.length - SHOWN))}</p>}
      </div>
      <p class="unseen" role="status">
        {isOpen && text !== "" ? shared.picker.found(options.length) : ""}
      </p>
    </div>
  );
}

function Option({
  id,
  vehicle,
  isActive,
  onChoose,
}: {
  id: string;
  vehicle: NamedVehicle;
  isActive: boolean;
  onChoose: () => void;
}) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the combobox keeps the focus, and points to it.
    // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox has the keys.
    <div id={id} role="option" aria-selected={isActive} onClick={onChoose}>
      <StatusMark of={vehicle.status ?? "unknown"} />
      <span class="picker-label">{labelOf(vehicle)}</span>
      <span class="picker-who soft">{vehicle.status === null ? shared.picker.retired : whoOf(vehicle)}</span>
    </div>
  );
}

/** One that was chosen; the registry knows its name where the live fleet does not. */
function Chosen({
  imei,
  name,
  onRemove,
}: {
  imei: string;
  name: { plate: string | null; name: string | null; imei: string } | undefined;
  onRemove: () => void;
}) {
  const answer = useAnswer(name ? null : `name ${imei}`, (signal) =>
    ask("Vehicle", `/v1/vehicles/${encodeURIComponent(imei)}`, {}, { signal }),
  );
  const label = labelOf(name ?? answer.data ?? { imei, plate: null, name: null });
  return (
    <span class="chip">
      <span>{label}</span>
      <button type="button" aria-label={shared.picker.remove(label)} onClick={onRemove}>
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
          <path d="M6 6l8 8M14 6l-8 8" />
        </svg>
      </button>
    </span>
  );
}

/** Vehicles of the registry that a text finds, in service or not. */
function useRetired(text: string): NamedVehicle[] {
  const [typed, setTyped] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setTyped(text.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const wanted = typed.length >= 2 && text.trim() === typed ? typed : null;
  const answer = useAnswer(wanted === null ? null : `registry ${wanted}`, (signal) =>
    ask("VehicleList", "/v1/vehicles", { q: typed, enabled: "all", limit: SHOWN }, { signal }),
  );
  return useMemo(
    () => (answer.isOld ? [] : (answer.data?.vehicles ?? []).map(ofRegistry)),
    [answer.data, answer.isOld],
  );
}
