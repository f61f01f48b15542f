/** The phases a service may begin in; it ends by a move. */
export const phases = ["evaluating", "starting", "operating"] as const;
