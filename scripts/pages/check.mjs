// Looks at a folder of pages as people see them, in a real browser without a window, and judges
// their HTML. Says every fault and ends with 1 if there is one.
//
//   node scripts/pages/check.mjs FOLDER             judge
//   node scripts/pages/check.mjs FOLDER --shots DIR take pictures of every page as well
//
// Exit code 3: the libraries or the browser are not here.
// COMMONHOLD_PAGES_CHECKS names the folder in which `scripts/setup.sh test` installed the libraries.
import { createRequire } from "node:module";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Browser, find } from "./browser.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
const libraries = process.env.COMMONHOLD_PAGES_CHECKS || join(cache, "commonhold/pages-checks");
const require = createRequire(join(libraries, "package.json"));

function stop(why) {
  console.error(why);
  process.exit(3);
}

const [folder, option, shots] = process.argv.slice(2);
if (!folder) {
  console.error("Use: check.mjs FOLDER [--shots DIR]");
  process.exit(2);
}
const root = resolve(folder);
const faults = [];

function pages(below) {
  return readdirSync(below)
    .sort()
    .flatMap((name) => {
      const path = join(below, name);
      if (statSync(path).isDirectory()) return pages(path);
      return name.endsWith(".html") ? [path] : [];
    });
}

// How people look at it: a phone at night, a laptop by day, a laptop enlarged to 200 %.
const VIEWS = [
  { name: "phone", width: 390, height: 844, scheme: "dark", axe: true },
  { name: "desktop", width: 1280, height: 800, scheme: "light", axe: true },
  { name: "enlarged", width: 640, height: 400, scheme: "light", axe: false },
];

// What sticks out to the side of the page, and the same when it is read from right to left.
const SIDEWAYS = `(() => {
  const root = document.documentElement;
  const wide = () => root.scrollWidth > root.clientWidth;
  const found = [];
  for (const dir of ["ltr", "rtl"]) {
    root.dir = dir;
    if (!wide()) continue;
    const out = [...document.querySelectorAll("body *")].filter((e) => {
      const box = e.getBoundingClientRect();
      return (box.right > root.clientWidth + 1 || box.left < -1) && !e.closest(".wide");
    });
    found.push(dir + ": " + out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(" | "));
  }
  root.dir = "ltr";
  return found;
})()`;

const AXE = `axe.run(document, { resultTypes: ["violations"] }).then((found) =>
  found.violations.map((v) => v.id + ": " + v.help + " " +
    v.nodes.slice(0, 3).map((n) => n.target.join(" ") + " " + (n.any[0]?.message ?? "")).join(" | ")))`;

async function html(paths) {
  const { HtmlValidate, FileSystemConfigLoader } = require("html-validate");
  const config = JSON.parse(readFileSync(join(here, "htmlvalidate.json"), "utf8"));
  const validator = new HtmlValidate(new FileSystemConfigLoader(config));
  for (const path of paths) {
    const report = await validator.validateFile(path);
    for (const result of report.results) {
      for (const message of result.messages) {
        const place = `${relative(root, path)}:${message.line}:${message.column}`;
        faults.push(`${place} ${message.ruleId}: ${message.message}`);
      }
    }
  }
}

async function looks(paths) {
  const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const browser = await Browser.start();
  try {
    const page = await browser.page();
    for (const path of paths) {
      const name = relative(root, path);
      await page.open(pathToFileURL(path).href);
      await page.run(axe);
      for (const view of VIEWS) {
        await page.view(view);
        for (const side of await page.run(SIDEWAYS)) {
          faults.push(`${name} (${view.name}) sticks out to the side, ${side}`);
        }
        if (view.axe) {
          for (const found of await page.run(AXE)) faults.push(`${name} (${view.name}) ${found}`);
        }
        if (option === "--shots") {
          mkdirSync(shots, { recursive: true });
          const file = `${name.replaceAll("/", "_").replace(".html", "")}-${view.name}.png`;
          writeFileSync(join(shots, file), await page.picture());
        }
      }
    }
    for (const url of page.foreign) faults.push(`something is loaded from elsewhere: ${url}`);
  } finally {
    await browser.stop();
  }
}

try {
  require.resolve("html-validate");
  require.resolve("axe-core/axe.min.js");
} catch {
  stop(`the judges of pages in ${libraries}`);
}
if (!find()) stop("Chromium");
const all = pages(root);
await html(all);
await looks(all);
for (const fault of faults.slice(0, 200)) console.log(fault);
console.log(`${all.length} pages, ${faults.length} faults`);
process.exit(faults.length > 0 || all.length === 0 ? 1 : 0);
