export const phases = ["evaluating", "starting", "operating", "closing", "closed"] as const;
