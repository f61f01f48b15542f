// Text of the window: message files, plurals, dates and numbers, all through Intl.
import { language, locale, numberLocale } from "./locale";
import { de } from "./messages/de";
import { formatMoney } from "./money";
import { en, type MessageKey, type Plural } from "./messages/en";

type Values = Record<string, string | number>;

const messages: Record<MessageKey, string | Plural> = language === "de" ? de : en;
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(numberLocale);

export function fill(message: string | Plural, values: Values, rules: Intl.PluralRules = plurals): string {
  const text = typeof message === "string" ? message : pick(message, Number(values["n"] ?? 0), rules);
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? numbers.format(value) : value;
  });
}

function pick(message: Plural, n: number, rules: Intl.PluralRules): string {
  return rules.select(n) === "one" ? message.one : message.other;
}

export function t(key: MessageKey, values: Values = {}): string {
  return fill(messages[key], values);
}

/** A message whose key is put together from data: the data's own word when there is no message. */
export function word(prefix: string, value: string | null | undefined, values: Values = {}): string {
  if (!value) return "";
  const key = `${prefix}.${value}`;
  return Object.hasOwn(messages, key) ? t(key as MessageKey, values) : value;
}

const day = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
const monthLong = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" });
const monthShort = new Intl.DateTimeFormat(locale, { month: "short", timeZone: "UTC" });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
const utc = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC", hourCycle: "h23" });
const weekday = new Intl.DateTimeFormat(locale, { weekday: "short", hour: "numeric", minute: "2-digit" });
const relative = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { numeric: "auto" });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });

function formatted(format: Intl.DateTimeFormat, text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : format.format(date);
}

export const number = (value: number): string => numbers.format(value);
export const formatDate = (date: string | null): string => (date ? formatted(day, `${date}T00:00:00Z`) : "");
export const formatMonth = (month: string): string => formatted(monthLong, `${month}-01T00:00:00Z`);
export const formatMonthShort = (month: string): string => formatted(monthShort, `${month}-01T00:00:00Z`);
export const formatTime = (time: string | null): string => (time ? formatted(moment, time) : "");
export const formatClock = (time: Date): string => clock.format(time);

/** In UTC and saying so: what several people put together must not depend on where they sit. */
export const formatUtc = (time: string | null | undefined): string => (time ? `${formatted(utc, time)} UTC` : "");

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK_MS = 6 * DAY * 1000;

/** "in 40 seconds", "3 hours ago": seconds from now, to the past below zero. */
export function formatRelative(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 2 * MINUTE && seconds > -MINUTE) return relative.format(Math.round(seconds), "second");
  if (size < HOUR) return relative.format(Math.trunc(seconds / MINUTE), "minute");
  if (size < DAY) return relative.format(Math.trunc(seconds / HOUR), "hour");
  return relative.format(Math.trunc(seconds / DAY), "day");
}
/** How long ago a moment was; a clock that goes ahead a little is no future. */
export function formatAgo(time: string, now: number): string {
  const seconds = (Date.parse(time) - now) / 1000;
  if (Number.isNaN(seconds)) return time;
  return seconds > -MINUTE ? t("time.now") : formatRelative(seconds);
}
/** "Tue 14:02" within the last days, the date before. */
export function formatMoment(time: string, now: number): string {
  const age = now - Date.parse(time);
  return formatted(age >= 0 && age < WEEK_MS ? weekday : moment, time);
}

const units = (["day", "hour", "minute", "second"] as const).map((unit) => new Intl.NumberFormat(numberLocale, { style: "unit", unit, unitDisplay: "short" }));
/** "1 hr 30 min" of seconds, in the two largest units that say something; nothing of what is not known. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null) return "";
  const size = Math.abs(seconds);
  const parts = [Math.trunc(size / DAY), Math.trunc((size % DAY) / HOUR), Math.trunc((size % HOUR) / MINUTE), size % MINUTE];
  const first = Math.max(0, parts.findIndex((part) => part > 0));
  const said = parts.map((part, at) => (part > 0 && at >= first && at < first + 2 ? (units[at]?.format(part) ?? "") : "")).filter(Boolean);
  return `${seconds < 0 ? "−" : ""}${said.join(" ") || (units[2]?.format(0) ?? "")}`;
}
export const formatMinutes = (minutes: number | null): string => formatSeconds(minutes === null ? null : minutes * MINUTE);
const percent = new Intl.NumberFormat(numberLocale, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** "98.7 %" of 987 tenths of a per cent. */
export const formatTenths = (tenths: number): string => percent.format(tenths / 1000);

/** "12.5" of 125 tenths. */
export const tenths = (value: number): string => decimal(`${value < 0 ? "-" : ""}${Math.trunc(Math.abs(value) / 10)}.${Math.abs(value) % 10}`);

export function formatBytes(bytes: number): string {
  const sizes = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < sizes.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const format = new Intl.NumberFormat(numberLocale, {
    style: "unit", unit: sizes[unit] ?? "byte", unitDisplay: "short", maximumFractionDigits: unit === 0 ? 0 : 1,
  });
  return format.format(size);
}

/** "2026-05-02 · -61.20 EUR" of the host, each part as a person of this locale reads it. */
export function formatDetail(text: string): string {
  const part = (one: string) => (/^\d{4}-\d{2}-\d{2}$/.test(one) ? formatDate(one) : formatMoney(one));
  return text.split(" · ").map(part).join(" · ");
}

/** Decimal text of the host ("9.2") with this locale's mark. */
export function decimal(text: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const digits = text.split(".")[1]?.length ?? 0;
  return new Intl.NumberFormat(numberLocale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
    Number(text),
  );
}
