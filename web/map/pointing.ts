// Places that are asked about: by the right button, the menu key, or a finger that rests (not every phone has a menu event
// for that).

const PRESS_MS = 550;
const SLOP_PX = 9;

/** @returns ends it */
export function listenForPlaces(root: HTMLElement, onPlace: (px: number, py: number) => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  let pressing: ReturnType<typeof setTimeout> | undefined;
  let pressedAtMs = 0;
  let from = { x: 0, y: 0 };

  const isOnMap = ({ target }: Event) => target instanceof Element && target.closest("canvas") !== null;
  function tell(clientX: number, clientY: number) {
    const box = root.getBoundingClientRect();
    onPlace(clientX - box.left, clientY - box.top);
  }
  const stop = () => clearTimeout(pressing);

  root.addEventListener(
    "pointerdown",
    (event) => {
      stop();
      if (event.pointerType === "mouse" || !event.isPrimary || !isOnMap(event)) return;
      from = { x: event.clientX, y: event.clientY };
      pressing = setTimeout(() => {
        pressedAtMs = performance.now();
        tell(from.x, from.y);
      }, PRESS_MS);
    },
    { signal },
  );
  root.addEventListener(
    "pointermove",
    ({ clientX, clientY }) => {
      if (Math.hypot(clientX - from.x, clientY - from.y) > SLOP_PX) stop();
    },
    { signal },
  );
  for (const end of ["pointerup", "pointercancel"]) root.addEventListener(end, stop, { signal });
  root.addEventListener(
    "contextmenu",
    (event) => {
      if (!isOnMap(event)) return;
      event.preventDefault();
      stop();
      // The same rest of a finger, told a second time.
      if (performance.now() - pressedAtMs < 1_000) return;
      const box = root.getBoundingClientRect();
      // Of the menu key it comes without a place: the middle is meant.
      if (event.clientX === 0 && event.clientY === 0) onPlace(box.width / 2, box.height / 2);
      else tell(event.clientX, event.clientY);
    },
    { signal },
  );
  return () => {
    stop();
    ending.abort();
  };
}
