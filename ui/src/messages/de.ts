import { exchange } from "./de/exchange";
import { money } from "./de/money";
import { people } from "./de/people";
import { records } from "./de/records";
import { shell } from "./de/shell";
import type { MessageKey, Plural } from "./en";

export const de: Record<MessageKey, string | Plural> = { ...shell, ...records, ...money, ...people, ...exchange };
