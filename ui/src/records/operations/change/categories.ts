/** Keep a Changelog 1.1.0, in its order. */
export const CATEGORIES = ["added", "changed", "deprecated", "removed", "fixed", "security"] as const;
