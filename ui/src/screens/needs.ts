// What needs you, as a sentence and an action. The host says which thing and with which names; the words are here.
import type { NeedsItem } from "../generated/NeedsItem";
import { formatMoney } from "../money";
import { parseRoute } from "../router";
import { formatDate, t, word } from "../words";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** What names a phase where it names no day. */
const PHASED = ["phase", "from", "to"];
/** Amounts, days, roles and phases as a person of this locale reads them. */
function readable(name: string, value: string | number): string | number {
  if (typeof value === "number") return value;
  if (name === "role") return word("role", value);
  if (PHASED.includes(name) && !DAY.test(value)) return word("phase", value);
  return DAY.test(value) ? formatDate(value) : formatMoney(value);
}

/** A thing this version has no words for is still shown, by what the host calls it. */
export function sentenceOf(item: NeedsItem): string {
  const args = Object.fromEntries(Object.entries(item.args).map(([name, value]) => [name, readable(name, value)]));
  const text = word("needs.what", item.what, args);
  return text === item.what ? String(item.args["text"] ?? item.args["title"] ?? item.what) : text;
}

export function actionWord(item: NeedsItem): string {
  const said = word("needs.do", item.what);
  return said === item.what ? t("needs.open") : said;
}

/** "finance/to-pay?open=<id>" as a path and its query. Only a route of this window. */
export function routeOf(action: string): { path: string; query: Record<string, string> } {
  const { path, query } = parseRoute(`#/${action.replace(/^[#/]+/, "")}`);
  return { path: path.join("/"), query };
}
