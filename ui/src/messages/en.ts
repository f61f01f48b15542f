// English, the language every other message file is measured against.
import { exchange } from "./en/exchange";
import { money } from "./en/money";
import { people } from "./en/people";
import { records } from "./en/records";
import { shell } from "./en/shell";

export type Plural = { one: string; other: string };

export const en = { ...shell, ...records, ...money, ...people, ...exchange };
export type MessageKey = keyof typeof en;
