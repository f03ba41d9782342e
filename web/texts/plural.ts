/** The word for one or for many. */
export const plural = (count: number, one: string, many: string) => (count === 1 ? one : many);
