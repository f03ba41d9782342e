/** Looks at a scrolling box now, and once a frame at most whenever it was scrolled or has another size. @returns ends it */
export function watchSight(box: HTMLElement, look: () => void): () => void {
  let asked = 0;
  const ask = () => {
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      look();
    });
  };
  look();
  box.addEventListener("scroll", ask, { passive: true });
  const sizing = new ResizeObserver(ask);
  sizing.observe(box);
  return () => {
    cancelAnimationFrame(asked);
    box.removeEventListener("scroll", ask);
    sizing.disconnect();
  };
}
