// A browser without a window, spoken to by the Chrome DevTools Protocol over two pipes.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NAMES = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/** The browser's program; nothing where there is none. */
export function find() {
  if (process.env.COMMONHOLD_CHROMIUM) return process.env.COMMONHOLD_CHROMIUM;
  for (const name of NAMES) {
    for (const folder of (process.env.PATH || "").split(":")) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not there.
      }
    }
  }
  return undefined;
}

export class Browser {
  static async start() {
    const browser = new Browser();
    browser.profile = mkdtempSync(join(tmpdir(), "commonhold-pages-"));
    const program = find();
    const options = ["--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
      "--no-first-run", "--disable-extensions", "--disable-dev-shm-usage", "--lang=en",
      `--user-data-dir=${browser.profile}`];
    if (!program.endsWith("headless-shell")) options.push("--headless=new");
    const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"];
    browser.child = spawn(program, options, { stdio });
    browser.waiting = new Map();
    browser.hearing = [];
    browser.last = 0;
    let text = "";
    browser.child.stdio[4].setEncoding("utf8").on("data", (more) => {
      text += more;
      for (let end = text.indexOf("\0"); end >= 0; end = text.indexOf("\0")) {
        browser.hear(JSON.parse(text.slice(0, end)));
        text = text.slice(end + 1);
      }
    });
    const gone = () => {
      for (const { no } of browser.waiting.values()) no(new Error("The browser ended."));
    };
    browser.child.on("exit", gone).on("error", gone);
    browser.child.stdio[3].on("error", gone);
    await browser.ask("Browser.getVersion");
    return browser;
  }

  hear(message) {
    const waiting = this.waiting.get(message.id);
    if (!waiting) return this.hearing.forEach((heard) => heard(message));
    this.waiting.delete(message.id);
    if (message.error) waiting.no(new Error(message.error.message));
    else waiting.yes(message.result);
  }

  ask(method, params = {}, sessionId = undefined) {
    const id = ++this.last;
    this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((yes, no) => this.waiting.set(id, { yes, no }));
  }

  async page() {
    const { targetId } = await this.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId);
    await page.ask("Page.enable");
    await page.ask("Network.enable");
    return page;
  }

  async stop() {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.ask("Browser.close").catch(() => {});
    const late = setTimeout(() => this.child.kill("SIGKILL"), 3000);
    await ended;
    clearTimeout(late);
    rmSync(this.profile, { recursive: true, force: true });
  }
}

class Page {
  constructor(browser, session) {
    this.browser = browser;
    this.session = session;
    this.foreign = new Set();
    browser.hearing.push((message) => {
      if (message.sessionId !== session) return;
      if (message.method === "Network.requestWillBeSent") {
        const { url } = message.params.request;
        if (!url.startsWith("file:") && !url.startsWith("data:")) this.foreign.add(url);
      }
      if (message.method === "Page.loadEventFired") this.loaded?.();
    });
  }

  ask(method, params) {
    return this.browser.ask(method, params, this.session);
  }

  async open(url) {
    const loaded = new Promise((done) => (this.loaded = done));
    const { errorText } = await this.ask("Page.navigate", { url });
    if (errorText) throw new Error(`${url}: ${errorText}`);
    await loaded;
  }

  async view({ width, height, scheme, media = "screen" }) {
    await this.ask("Emulation.setDeviceMetricsOverride", {
      width, height, deviceScaleFactor: 1, mobile: width < 600,
    });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.ask("Emulation.setEmulatedMedia", { media, features });
  }

  async run(expression) {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.ask("Runtime.evaluate", options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? "a script failed");
    return result.value;
  }

  async picture() {
    const { cssContentSize } = await this.ask("Page.getLayoutMetrics");
    const clip = { x: 0, y: 0, scale: 1, width: cssContentSize.width,
      height: Math.min(cssContentSize.height, 8000) };
    const options = { format: "png", captureBeyondViewport: true, clip };
    const { data } = await this.ask("Page.captureScreenshot", options);
    return Buffer.from(data, "base64");
  }
}
