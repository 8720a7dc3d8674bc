// Says how much a browser loads before the first page is there, and fails where that is too much.
//
//     npm run budget
//
// Counted are the page, what it names, what that imports, and the fonts of the style sheet; gzip, level 9.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 220;
const STATIC = join(import.meta.dirname, "..", "static");

async function sizeOf(path) {
  const content = await readFile(join(STATIC, path));
  return path.endsWith(".woff2") ? content.length : gzipSync(content, { level: 9 }).length;
}

/** The files that the page loads at once, and the chunk of the overview, which is the first page. */
async function firstLoad() {
  const page = await readFile(join(STATIC, "index.html"), "utf-8");
  const found = new Set(["index.html", ...[...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, path]) => path)]);
  const assets = await readdir(join(STATIC, "assets"));
  for (const name of assets.filter((each) => each.startsWith("OverviewPage"))) found.add(`assets/${name}`);
  for (const path of found) {
    if (!/\.(js|css)$/.test(path)) continue;
    const text = await readFile(join(STATIC, path), "utf-8");
    const imported = path.endsWith(".css") ? text.matchAll(/url\(\/([^)]+)\)/g) : text.matchAll(/from\s*["'`]\.\/([^"'`]+)["'`]/g);
    for (const [, name] of imported) found.add(path.endsWith(".css") ? name : `assets/${name}`);
  }
  return [...found];
}

const files = await Promise.all((await firstLoad()).map(async (path) => [path, await sizeOf(path)]));
const total = files.reduce((sum, [, size]) => sum + size, 0) / 1000;
for (const [path, size] of files.sort(([, one], [, other]) => other - one)) {
  console.log(`${(size / 1000).toFixed(1).padStart(7)} kB  ${path}`);
}
console.log(`${total.toFixed(1).padStart(7)} kB  first load, of ${BUDGET_KB} kB`);
process.exit(total > BUDGET_KB ? 1 : 0);
