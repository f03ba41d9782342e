/** A line of what was found, and whether it is about something that is wrong. */
export interface Line {
  text: string;
  isWrong: boolean;
}

export const fine = (text: string): Line => ({ text, isWrong: false });
export const wrong = (text: string): Line => ({ text, isWrong: true });
export const judged = (text: string, isWrong: boolean): Line => ({ text, isWrong });

/** As it is shown: what is wrong is marked. */
export const marked = ({ text, isWrong }: Line): string => `${isWrong ? "!" : " "} ${text}`.trimEnd();
