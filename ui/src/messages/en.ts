// English, the language every other message file is measured against.
import { attachments } from "./en/attachments";
import { decisions } from "./en/decisions";
import { exchange } from "./en/exchange";
import { framework } from "./en/framework";
import { incidents } from "./en/incidents";
import { knowledge } from "./en/knowledge";
import { money } from "./en/money";
import { operations } from "./en/operations";
import { finance } from "./en/finance";
import { payments } from "./en/payments";
import { people } from "./en/people";
import { plans } from "./en/plans";
import { promise } from "./en/promise";
import { publish } from "./en/publish";
import { records } from "./en/records";
import { shell } from "./en/shell";
import { tray } from "./en/tray";

export type Plural = { one: string; other: string };

export const en = {
  ...shell, ...records, ...money, ...people, ...exchange, ...finance, ...payments, ...plans, ...tray, ...framework, ...promise,
  ...decisions, ...attachments, ...operations, ...incidents, ...knowledge, ...publish,
};
export type MessageKey = keyof typeof en;
