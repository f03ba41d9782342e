import { badInput, fieldsOf, numberIn, type Resource } from "./control.ts";

/**
 * `GET …/quota`: the calls a day and those used; `POST …/quota {dailyCalls}` changes the limit, null takes it away;
 * `DELETE …/quota` forgets what was used.
 */
export const quota: Resource = ({ quota }, { httpMethod, rest, body }) => {
  if (rest.length > 1) return undefined;
  if (httpMethod === "POST") {
    const { dailyCalls } = fieldsOf(body, ["dailyCalls"]);
    const limit = dailyCalls === null ? undefined : numberIn(body, "dailyCalls", 0);
    if (dailyCalls === undefined) throw badInput('give "dailyCalls": how many a day, null for no limit');
    quota.dailyCalls = limit;
  } else if (httpMethod === "DELETE") {
    quota.reset();
  } else if (httpMethod !== "GET") {
    return undefined;
  }
  return { status: 200, body: { dailyCalls: quota.dailyCalls ?? null, used: quota.used() } };
};
