// Prints what each page makes a browser load first, compressed, and fails above its budget.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGETS_KB = { 'index.html': 200, 'portal/index.html': 90 };
const dist = new URL('../dist/', import.meta.url);
const read = (path) => readFileSync(new URL(path, dist));
const kb = (bytes) => bytes / 1024;
const gzip = (path) => kb(gzipSync(read(path), { level: 9 }).length);

// A dictionary is fetched before the first paint, one language a visit: the largest of all counts.
const dictionaries = readdirSync(new URL('assets/', dist)).filter((name) => /^(?:en|ko|ja)-.*\.js$/.test(name));
const dictionary = Math.max(0, ...dictionaries.map((name) => gzip(`assets/${name}`)));

let failed = false;
for (const [page, budget] of Object.entries(BUDGETS_KB)) {
  const html = read(page).toString();
  const scripts = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]));
  const styles = new Set([...html.matchAll(/href="\/(assets\/[^"]+\.css)"/g)].map((match) => match[1]));
  const total = [...scripts].reduce((sum, path) => sum + gzip(path), dictionary);
  const css = [...styles].reduce((sum, path) => sum + gzip(path), 0);
  const over = total > budget;
  failed ||= over;
  console.log(`${page.padEnd(18)} script ${total.toFixed(1).padStart(6)} KB of ${budget} KB   style ${css.toFixed(1).padStart(5)} KB${over ? '   OVER BUDGET' : ''}`);
  for (const path of scripts) console.log(`  ${gzip(path).toFixed(1).padStart(6)} KB  ${path}`);
}
process.exit(failed ? 1 : 0);
