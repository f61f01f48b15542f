export const secretKinds = ["password", "key", "token", "certificate", "recovery-code", "other"] as const;
