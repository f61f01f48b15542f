// A place says where the password for it lies, if it has one.
import { render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Remote } from "../src/generated/Remote";
import PlaceRow from "../src/screens/sync/PlaceRow.svelte";

const remote = (secret: Remote["secret"]): Remote => ({
  address: "https://relay.example.org", kind: "relay", paused: false, last: null, tried: null, error: null, last_report: null, secret,
});

function show(secret: Remote["secret"]): string | null {
  const nothing = () => {};
  const { unmount } = render(PlaceRow, {
    remote: remote(secret), now: 0, index: 0, job: null, occupied: false, failure: null, sync: nothing, pause: nothing, remove: nothing,
  });
  const text = screen.queryByTestId("place-secret-0")?.textContent ?? null;
  unmount();
  return text;
}

describe("a place", () => {
  it("says where its password lies", () => {
    expect(show("keychain")).toMatch(/keychain/);
    expect(show("file")).toMatch(/file of this profile/);
    expect(show(null)).toBeNull();
  });
});
