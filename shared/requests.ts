/** What a request shows to be let in: a key or a token. */
export const bearerOf = ({ headers }: Request): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];

/** Where a request came from; empty where the edge does not say. */
export const addressOf = ({ headers }: Request): string => headers.get("cf-connecting-ip") ?? "";
