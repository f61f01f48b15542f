import { describe, expect, it } from "vitest";
import { pagesOf, rowAfter, scrollFor, windowOf } from "../src/elements/virtual";

describe("a long list", () => {
  it("draws only what is near the view", () => {
    expect(windowOf(0, 360, 36, 100_000, 0)).toEqual({ first: 0, last: 10 });
    expect(windowOf(36 * 500 + 1, 360, 36, 100_000, 0)).toEqual({ first: 500, last: 511 });
    expect(windowOf(3_600_000, 360, 36, 100_000, 8).last).toBe(100_000);
    expect(windowOf(9000, 360, 36, 3, 8)).toEqual({ first: 3, last: 3 });
  });
  it("asks for the pages of the window and no other", () => {
    expect(pagesOf({ first: 190, last: 210 })).toEqual([0, 1]);
    expect(pagesOf({ first: 0, last: 200 })).toEqual([0]);
    expect(pagesOf({ first: 5, last: 5 })).toEqual([]);
  });
  it("moves by keys and stays inside", () => {
    expect(rowAfter("ArrowDown", 9, 10, 5)).toBe(9);
    expect(rowAfter("PageUp", 3, 10, 5)).toBe(0);
    expect(rowAfter("End", 0, 100_000, 5)).toBe(99_999);
    expect(rowAfter("x", 0, 10, 5)).toBeNull();
    expect(rowAfter("Home", 0, 0, 5)).toBeNull();
  });
  it("scrolls no further than needed", () => {
    expect(scrollFor(0, 100, 360, 36)).toBe(0);
    expect(scrollFor(20, 0, 360, 36)).toBe(21 * 36 - 360);
    expect(scrollFor(3, 36, 360, 36)).toBe(36);
  });
});
