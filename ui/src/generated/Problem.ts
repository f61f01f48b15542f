export type Problem = { field: string, message: string };
