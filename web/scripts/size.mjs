// Prints what each page makes a browser load first, compressed, and fails above its budget.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGETS_KB = { 'index.html': 200, 'portal/index.html': 90 };
const dist = new URL('../dist/', import.meta.url);
const read = (path) => readFileSync(new URL(path, dist));
const kb = (bytes) => bytes / 1024;
const gzip = (path) => kb(gzipSync(read(path), { level: 9 }).length);

// A page's dictionary is fetched before its first paint, one language a visit: the largest that its scripts name counts.
const DICTIONARY = /\b(?:en|ko|ja)-[\w-]+\.js\b/g;
const dictionaryOf = (scripts) => {
  const named = [...scripts].flatMap((path) => [...read(path).toString().matchAll(DICTIONARY)].map(([name]) => name));
  return Math.max(0, ...[...new Set(named)].map((name) => gzip(`assets/${name}`)));
};

let failed = false;
for (const [page, budget] of Object.entries(BUDGETS_KB)) {
  const html = read(page).toString();
  const scripts = new Set([...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]));
  const styles = new Set([...html.matchAll(/href="\/(assets\/[^"]+\.css)"/g)].map((match) => match[1]));
  const total = [...scripts].reduce((sum, path) => sum + gzip(path), dictionaryOf(scripts));
  const css = [...styles].reduce((sum, path) => sum + gzip(path), 0);
  const over = total > budget;
  failed ||= over;
  console.log(`${page.padEnd(18)} script ${total.toFixed(1).padStart(6)} KB of ${budget} KB   style ${css.toFixed(1).padStart(5)} KB${over ? '   OVER BUDGET' : ''}`);
  for (const path of scripts) console.log(`  ${gzip(path).toFixed(1).padStart(6)} KB  ${path}`);
}
process.exit(failed ? 1 : 0);
