import { attachments } from "./de/attachments";
import { decisions } from "./de/decisions";
import { exchange } from "./de/exchange";
import { framework } from "./de/framework";
import { incidents } from "./de/incidents";
import { knowledge } from "./de/knowledge";
import { money } from "./de/money";
import { operations } from "./de/operations";
import { finance } from "./de/finance";
import { payments } from "./de/payments";
import { people } from "./de/people";
import { plans } from "./de/plans";
import { promise } from "./de/promise";
import { publish } from "./de/publish";
import { records } from "./de/records";
import { shell } from "./de/shell";
import { tray } from "./de/tray";
import type { MessageKey, Plural } from "./en";

export const de: Record<MessageKey, string | Plural> = {
  ...shell, ...records, ...money, ...people, ...exchange, ...finance, ...payments, ...plans, ...tray, ...framework, ...promise,
  ...decisions, ...attachments, ...operations, ...incidents, ...knowledge, ...publish,
};
