// Starts the window on a screen that nobody sees, waits until the page has painted, and saves a
// picture of it. Needs Xvfb and WebKitWebDriver, nothing else.
//
//   node scripts/screenshot.mjs BINARY HOME PICTURE.png [ROUTE]
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [binary, home, picture, route] = process.argv.slice(2);
if (!picture) {
  console.error("Use: node scripts/screenshot.mjs BINARY HOME PICTURE.png [ROUTE]");
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), "commonhold-picture-"));
const started = [];

function start(program, args, options) {
  const child = spawn(program, args, options);
  child.on("error", (error) => finish(`${program} could not be started: ${error.message}`));
  started.push(child);
  return child;
}

function finish(sentence) {
  for (const child of started.reverse()) child.kill("SIGTERM");
  // The window ends a moment after its screen.
  rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  if (sentence) console.error(sentence);
  process.exit(sentence ? 1 : 0);
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function screen() {
  const args = ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"];
  const child = start("Xvfb", args, { stdio: ["ignore", "pipe", "ignore"] });
  const [number] = await once(child.stdout, "data");
  return `:${String(number).trim()}`;
}

async function main() {
  const display = await screen();
  const port = await freePort();
  const folders = Object.fromEntries(
    ["DATA", "CONFIG", "CACHE", "RUNTIME"].map((name) => {
      const folder = join(scratch, name.toLowerCase());
      mkdirSync(folder, { mode: 0o700 });
      return [name === "RUNTIME" ? "XDG_RUNTIME_DIR" : `XDG_${name}_HOME`, folder];
    }),
  );
  const env = {
    ...process.env, ...folders, DISPLAY: display, GDK_BACKEND: "x11", NO_AT_BRIDGE: "1",
    TAURI_WEBVIEW_AUTOMATION: "true",
    MESA_SHADER_CACHE_DISABLE: "true",
  };
  // With compositing off, WebKitGTK 2.50 never answers the request for a picture.
  delete env.WEBKIT_DISABLE_COMPOSITING_MODE;
  start("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { env, stdio: "ignore" });

  async function call(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method, body: body && JSON.stringify(body), signal: AbortSignal.timeout(30_000),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(value.message || value.error);
    return value;
  }
  async function until(what, seconds, attempt) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const value = await attempt().catch(() => undefined);
      if (value) return value;
      if (Date.now() > end) throw new Error(`${what} did not happen within ${seconds} seconds`);
      await sleep(50);
    }
  }

  await until("The start of WebKitWebDriver", 20, () => call("GET", "/status"));
  const options = { binary: resolve(binary), args: ["--home", resolve(home)] };
  const { sessionId } = await call("POST", "/session", {
    capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
  });
  const session = `/session/${sessionId}`;
  const run = (script) => call("POST", `${session}/execute/sync`, { script, args: [] });
  const isReady = () => run("return document.body.dataset.ready");
  const painted = () => until("The first picture of the page", 30, isReady);
  await painted();
  if (route) {
    await run(`location.hash = ${JSON.stringify(route)}`);
    await sleep(300);
    await painted();
  }
  await call("POST", `${session}/execute/async`, {
    script: `const done = arguments[0];
      requestAnimationFrame(() => requestAnimationFrame(() => done(true)))`,
    args: [],
  });
  mkdirSync(dirname(resolve(picture)), { recursive: true });
  writeFileSync(picture, Buffer.from(await call("GET", `${session}/screenshot`), "base64"));
  await call("DELETE", session).catch(() => undefined);
}

process.on("SIGINT", () => finish("Stopped."));
process.on("SIGTERM", () => finish("Stopped."));
main().then(() => finish(), (error) => finish(`No picture could be taken: ${error.message}`));
