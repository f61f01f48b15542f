import { configure } from "@testing-library/svelte";
import { afterEach } from "vitest";
import { useTransport } from "../src/host";

// A machine that does other work meanwhile is slow, and no test is wrong for that.
configure({ asyncUtilTimeout: 5000 });

// jsdom draws nothing and has no dialogs of its own.
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};
window.matchMedia ??= (query) =>
  ({ matches: false, media: query, addEventListener() {}, removeEventListener() {} }) as unknown as MediaQueryList;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

afterEach(() => {
  useTransport({ invoke: () => Promise.reject(new Error("no host")), listen: async () => () => {} });
});
