/** What an isolate keeps of answers: a year of each vehicle of the fleet is half a million. */
const MOST_CHARACTERS = 8_000_000;

/** By their question, that which nobody asked for longest first. */
const kept = new Map<string, string>();
let characters = 0;

/**
 * Makes an answer, or gives the one that was made before: a screen full of dispatchers asks for the same figures. It is good for as
 * long as the question is the same.
 * @param question With the revision of all that the answer rests on in it. Once that changes nobody asks so any more, and it goes.
 */
export async function makeOnce(question: string, make: () => Promise<string>): Promise<string> {
  const answer = kept.get(question) ?? (await make());
  forget(question);
  if (answer.length > MOST_CHARACTERS / 4) return answer;
  kept.set(question, answer);
  characters += question.length + answer.length;
  for (const oldest of kept.keys()) {
    if (characters <= MOST_CHARACTERS) break;
    forget(oldest);
  }
  return answer;
}

function forget(question: string): void {
  const answer = kept.get(question);
  if (answer === undefined) return;
  kept.delete(question);
  characters -= question.length + answer.length;
}
