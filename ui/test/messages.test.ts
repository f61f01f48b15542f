import { describe, expect, it } from "vitest";
import { chooseLocale } from "../src/locale";
import { de } from "../src/messages/de";
import { en } from "../src/messages/en";
import { kinds } from "../src/records";
import { fill } from "../src/words";

const loaded = import.meta.glob<string>("../src/**/*.{ts,svelte}", { query: "?raw", import: "default", eager: true });
const sources = Object.entries(loaded).map(([path, text]) => ({ path: path.replace("../", ""), text }));
const named = Object.entries(en) as [keyof typeof en, string | { one: string; other: string }][];
const texts = (message: string | { one: string; other: string }) =>
  typeof message === "string" ? [message] : [message.one, message.other];
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

/** The words of kinds that are made from a list of their fields: all they need, and what they may have. */
const needed = kinds.flatMap(({ kind, fields = [] }) => fields.flatMap(({ name, choices = [], words }) =>
  [`${kind}.${name}`, ...choices.map((choice) => `${words ?? `${kind}.${name}`}.${choice}`)]));
const hints = kinds.flatMap(({ kind, fields = [] }) => fields.map(({ name }) => `${kind}.${name}.hint`));

describe("message files", () => {
  it("hold a word for every field and every choice", () => {
    expect(needed.length).toBeGreaterThan(100);
    expect(needed.filter((key) => !(key in en))).toEqual([]);
  });
  it("hold the same keys in both languages", () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort());
  });
  it.each(named)("%s says something and fills the same holes", (key, message) => {
    const german = de[key];
    expect(typeof german).toBe(typeof message);
    for (const text of [...texts(message), ...texts(german)]) expect(text.trim()).not.toBe("");
    expect(holes(texts(german).at(-1) ?? "")).toEqual(holes(texts(message).at(-1) ?? ""));
  });
  it("hold no key that nothing uses", () => {
    const code = sources.filter(({ path }) => !path.includes("messages")).map(({ text }) => text).join("\n");
    const prefixes = [...code.matchAll(/word\("([\w.]+)"/g)].map((match) => `${match[1]}.`);
    prefixes.push("type.", "function.", "recurrence.", "change.");
    const unused = Object.keys(en).filter(
      (key) => !code.includes(`"${key}"`) && !needed.includes(key) && !hints.includes(key) && !prefixes.some((prefix) => key.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
  });
  it("choose the plural by the language's rules", () => {
    const message = { one: "{n} entry", other: "{n} entries" };
    const rules = new Intl.PluralRules("en");
    expect(fill(message, { n: 1 }, rules)).toBe("1 entry");
    expect(fill(message, { n: 0 }, rules)).toBe("0 entries");
  });
});

describe("the locale", () => {
  it("survives LANG=C", () => {
    expect(chooseLocale(["C", null, undefined, "de-AT"])).toBe("de-AT");
    expect(chooseLocale(["C"])).toBe("en-GB");
  });
});

describe("rules of the folder", () => {
  const own = sources.filter(({ path }) => !path.includes("generated"));
  it("finds the files", () => expect(own.length).toBeGreaterThan(80));
  it.each(own)("$path keeps them", ({ path, text }) => {
    expect(text.split("\n").length).toBeLessThanOrEqual(401);
    if (!path.endsWith("host.ts") || path.includes("dev")) expect(text).not.toContain("@tauri-apps/");
    expect(text).not.toMatch(/innerHTML|\{@html|\beval\(/);
    if (path.endsWith(".svelte")) expect(text).not.toMatch(/#[0-9a-f]{3,8}\s*;|\brgba?\(|\bhsl\(/i);
    if (path.startsWith("src/elements/")) expect(text).not.toMatch(/from "\.\.\/(records|reports|screens)/);
  });
});
