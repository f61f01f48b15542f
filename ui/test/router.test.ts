import { describe, expect, it } from "vitest";
import { href, parseRoute, routeName } from "../src/router";

const book = "3f2a".repeat(16);

describe("routes", () => {
  it("reads what it wrote", () => {
    const hash = href(book, "finance/transactions", { text: "a&b ä/ö", month: "2026-05", fund: null });
    expect(parseRoute(hash)).toEqual({
      book, path: ["finance", "transactions"], query: { text: "a&b ä/ö", month: "2026-05" },
    });
  });
  it("knows the start, a place without a book, and a name", () => {
    expect(parseRoute("")).toEqual({ book: null, path: [], query: {} });
    expect(routeName(parseRoute("#/"))).toBe("start");
    expect(routeName(parseRoute("#/new/create"))).toBe("new/create");
    expect(routeName(parseRoute(`#/${book}`))).toBe("overview");
    expect(routeName(parseRoute(`#/${book}/sync?x=1`))).toBe("sync");
  });
  it("takes only 64 hex digits for a book, and survives broken escapes", () => {
    expect(parseRoute("#/3f2a/overview").book).toBeNull();
    expect(parseRoute("#/%E0%A4%A").path).toEqual(["%E0%A4%A"]);
  });
});
