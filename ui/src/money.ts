// Money as the host writes it: "-412.35 EUR". Counted in minor units as bigint; a float never touches it.
import { numberLocale } from "./locale";

export type Money = { minor: bigint; decimals: number; currency: string };

const NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ");
const THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND".split(" ");
const FOUR_DECIMALS = "CLF UYW".split(" ");

/** Decimals of a currency by ISO 4217. */
export function decimalsOf(currency: string): number {
  if (NO_DECIMALS.includes(currency)) return 0;
  if (THREE_DECIMALS.includes(currency)) return 3;
  return FOUR_DECIMALS.includes(currency) ? 4 : 2;
}

export function parseMoney(text: string | null | undefined): Money | null {
  const match = /^(-?)(\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(text ?? "");
  if (!match) return null;
  const [, sign, whole = "0", fraction = "", currency = ""] = match;
  const size = BigInt(whole + fraction);
  return { minor: sign === "-" ? -size : size, decimals: fraction.length, currency };
}

export function writeMoney(money: Money): string {
  return `${plain(money)} ${money.currency}`;
}

/** "-412.35": what stands in an input of a program, not of a person. */
function plain({ minor, decimals }: Money): string {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return `${minor < 0n ? "-" : ""}${whole}${decimals > 0 ? `.${fraction}` : ""}`;
}

export function negate(text: string): string {
  const money = parseMoney(text);
  return money ? writeMoney({ ...money, minor: -money.minor }) : text;
}

/** Sums per currency, in the order the currencies first appear. */
export function sumMoney(texts: readonly string[]): Money[] {
  const sums = new Map<string, Money>();
  for (const text of texts) {
    const money = parseMoney(text);
    if (!money) continue;
    const before = sums.get(money.currency);
    sums.set(money.currency, before ? { ...before, minor: before.minor + money.minor } : money);
  }
  return [...sums.values()];
}

// A number format is slow to make, and a long list asks for the same one in every row.
const formats = new Map<string, Intl.NumberFormat>();
function formatOf(locale: string): Intl.NumberFormat {
  const known = formats.get(locale) ?? new Intl.NumberFormat(locale, { useGrouping: true });
  formats.set(locale, known);
  return known;
}

type Marks = { decimal: string; group: string };
const marks = new Map<string, Marks>();

export function separators(locale: string): Marks {
  const known = marks.get(locale) ?? readSeparators(locale);
  marks.set(locale, known);
  return known;
}

function readSeparators(locale: string): Marks {
  const parts = formatOf(locale).formatToParts(1234567.5);
  const of = (type: string) => parts.find((part) => part.type === type)?.value;
  return { decimal: of("decimal") ?? ".", group: of("group") ?? "" };
}

/** The number as a person of this locale reads it, without the currency; true minus sign. */
export function formatAmount(money: Money, locale: string = numberLocale): string {
  const [whole = "0", fraction] = plain({ ...money, minor: money.minor < 0n ? -money.minor : money.minor }).split(".");
  const grouped = formatOf(locale).format(BigInt(whole));
  const tail = fraction === undefined ? "" : separators(locale).decimal + fraction;
  return `${money.minor < 0n ? "\u2212" : ""}${grouped}${tail}`;
}

export function formatMoney(text: string, locale: string = numberLocale): string {
  const money = parseMoney(text);
  return money ? `${formatAmount(money, locale)}\u00a0${money.currency}` : text;
}

/** For the axis of a chart only: a screen position needs no cents. */
export function roughly(text: string): number {
  const money = parseMoney(text);
  return money ? Number(money.minor) / 10 ** money.decimals : 0;
}

/** What a person typed ("1.234,56", "1 234.56", "12") as money; null when it is not clearly a number. */
export function readAmount(typed: string, currency: string, locale: string = numberLocale): string | null {
  const text = typed.trim().replace(/^[\u2212\u2013]/, "-").replace(/[\s\u00a0\u202f'’]/g, "");
  if (!/^-?[\d.,]*\d$/.test(text) || !/^[A-Z]{3}$/.test(currency)) return null;
  const mark = decimalMark(text, decimalsOf(currency), locale);
  const group = mark === "," ? "." : ",";
  const [whole = "", fraction = ""] = text.replaceAll(group, "").split(mark);
  const decimals = decimalsOf(currency);
  if (fraction.length > decimals || text.split(mark).length > 2) return null;
  const size = BigInt((whole.replace("-", "") || "0") + fraction.padEnd(decimals, "0"));
  return writeMoney({ minor: text.startsWith("-") ? -size : size, decimals, currency });
}

/** Which of "." and "," parts the cents: the last one, unless it can only be parting thousands. */
function decimalMark(text: string, decimals: number, locale: string): "." | "," {
  const point = text.lastIndexOf(".");
  const comma = text.lastIndexOf(",");
  if (point >= 0 && comma >= 0) return point > comma ? "." : ",";
  const mark = comma >= 0 ? "," : ".";
  const other = mark === "," ? "." : ",";
  const pieces = text.replace("-", "").split(mark);
  const thousands = pieces.length > 1 && pieces.slice(1).every((piece) => piece.length === 3);
  const grouping = pieces.length > 2 || (decimals !== 3 && separators(locale).group === mark);
  return thousands && grouping ? other : mark;
}
