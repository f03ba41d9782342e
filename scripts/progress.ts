import { SingleBar } from "cli-progress";

/** How far long work is. */
export interface Bar extends Disposable {
  /** So much more is done. */
  add(amount: number): void;
}

/** Begins to show work: what it is ("rows of tracksolid.alarms"), and how much there is of it, where that is known. */
export type Progress = (what: string, total?: number) => Bar;

export const silentProgress: Progress = () => ({ add() {}, [Symbol.dispose]() {} });

/** A line on the error output where that is a terminal, so that what is piped on stays as it is; nothing elsewhere. */
export const terminalProgress: Progress = (what, total) => {
  if (!process.stderr.isTTY) return silentProgress(what, total);
  const share = total === undefined ? "{value}" : "{bar} {percentage} % of {total}, {eta_formatted} to go";
  const bar = new SingleBar({
    format: `${what}  ${share}  {duration_formatted}`,
    clearOnComplete: true,
    // Ctrl-C is the command's own matter.
    gracefulExit: false,
  });
  bar.start(total ?? 0, 0);
  return {
    add: (amount) => bar.increment(amount),
    [Symbol.dispose]: () => bar.stop(),
  };
};
