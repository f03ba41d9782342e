export const unitOf = (_name: string, _comment: string | null): string | null => null;
