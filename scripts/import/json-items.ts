/** Longer than any row, also one with a document in it. */
const LONGEST_ITEM = 1024 * 1024;

/** Something of a list, as it is written. */
type Token = "text" | "open" | "close" | "comma" | "blank";

function tokenOf(character: string): Token {
  switch (character) {
    case "{":
    case "[":
      return "open";
    case "}":
    case "]":
      return "close";
    case ",":
      return "comma";
    case " ":
    case "\t":
    case "\n":
    case "\r":
      return "blank";
    default:
      return "text";
  }
}

/**
 * The items of a JSON list of any size, some at a time. Only where items end is found out here: each is read by JSON.parse.
 * @throws where it is no list, or breaks off
 */
export async function* itemsOf(path: string, chunks: AsyncIterable<string>): AsyncGenerator<unknown[]> {
  let depth = 0;
  let item = "";
  let count = 0;
  let isOver = false;
  let inText = false;
  let isEscaped = false;
  let items: unknown[] = [];
  const broken = (why: string) => new Error(`${path} is not JSON: item ${count + 1}: ${why}.`);
  const take = () => {
    try {
      items.push(JSON.parse(item));
    } catch (error) {
      throw broken((error as Error).message);
    }
    count++;
    item = "";
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk[at] as string;
      if (inText) {
        if (isEscaped) isEscaped = false;
        else if (character === "\\") isEscaped = true;
        else if (character === '"') inText = false;
        continue;
      }
      const token = tokenOf(character);
      if (token === "blank") continue;
      if (isOver) throw new Error(`${path} is not JSON: something follows its list.`);
      if (depth === 0 && character !== "[") throw new Error(`${path} is not a list: write [{…}, {…}].`);
      if (character === '"') inText = true;
      if (depth === 1 && character === "}") throw broken('"}" without "{"');
      const ends = depth === 1 && (token === "comma" || token === "close");
      if (ends) {
        item += chunk.slice(from, at);
        // An empty list has one item that is nothing.
        if (token === "comma" || count > 0 || item.trim() !== "") take();
        item = "";
        from = at + 1;
      }
      if (token === "open") depth++;
      if (token === "close") depth--;
      if (depth === 1 && token === "open") from = at + 1;
      isOver = depth === 0;
    }
    if (!isOver) item += chunk.slice(from);
    if (item.length > LONGEST_ITEM) throw broken(`is longer than ${LONGEST_ITEM} characters`);
    yield items;
    items = [];
  }
  if (depth === 0 && !isOver) throw new Error(`${path} is empty.`);
  if (!isOver) throw broken("it breaks off");
}
