import { type Answer, useAnswer } from "../../shell/answer.ts";
import { type Answers, ask, type Query } from "../../shell/api.ts";

/** Days are computed anew within minutes of a fact; asking costs the server a tag while nothing changed. */
const EVERY_MS = 5 * 60_000;

const ROWS_PER_PAGE = 1_000;

/** Ten thousand rows are sorted in the browser in a blink. What is beyond is in the file, and a filter away. */
const MOST_PAGES = 10;

type Paged = "UtilisationList" | "FuelList" | "DriverBehaviourList" | "DriverClock" | "DistanceDaily";

/** An answer of the API, kept up to date. */
export const useFigures = <N extends keyof Answers>(
  name: N,
  path: string,
  query: Query,
): Answer<Answers[N]> =>
  useAnswer(JSON.stringify([path, query]), (signal) => ask(name, path, query, { signal }), {
    everyMs: EVERY_MS,
  });

/** All pages of a list, so that the whole of it can be sorted; `next` is set where even that is not all. */
export const useAllPages = <N extends Paged>(
  name: N,
  path: string,
  query: Query,
  join: (all: Answers[N], page: Answers[N]) => Answers[N],
): Answer<Answers[N]> =>
  useAnswer(
    JSON.stringify(["all", path, query]),
    async (signal) => {
      const asked = { ...query, limit: ROWS_PER_PAGE };
      let all = await ask(name, path, asked, { signal });
      for (let pages = 1; all.next !== null && pages < MOST_PAGES; pages += 1) {
        all = join(all, await ask(name, path, { ...asked, after: all.next }, { signal }));
      }
      return all;
    },
    { everyMs: EVERY_MS },
  );
