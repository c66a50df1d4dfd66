// From one build: the agents' desk at "/", the customers' portal at "/portal", and what puts its form on other websites.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const API = process.env['DESK_API'] ?? 'http://127.0.0.1:8080';

/** In development every address without a file belongs to one of the two pages, as it does behind the real front door. */
function pagesByAddress(): Plugin {
  return {
    name: 'pages-by-address',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        const path = (request.url ?? '/').split('?')[0] ?? '/';
        const isPage = (request.headers.accept ?? '').includes('text/html') && !path.startsWith('/_local');
        if (isPage) request.url = path.startsWith('/portal') ? '/portal/index.html' : '/index.html';
        next();
      });
    },
  };
}

/** The service worker stands beside the pages and is told which build it belongs to, and what a first visit needs of it. */
function serviceWorker(): Plugin {
  return {
    name: 'service-worker',
    apply: 'build',
    generateBundle(_options, bundle) {
      const names = Object.keys(bundle).toSorted();
      const build = createHash('sha256').update(names.join()).digest('hex').slice(0, 12);
      const entry = Object.values(bundle).find((part) => part.type === 'chunk' && part.isEntry && part.name === 'desk');
      const first = entry?.type === 'chunk' ? [entry.fileName, ...entry.imports, ...(entry.viteMetadata?.importedCss ?? [])] : [];
      const source = readFileSync(here('./src/sw.js'), 'utf8')
        .replace('__BUILD__', build)
        .replace('__FILES__', JSON.stringify(first.map((name) => `/${name}`)));
      this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
  };
}

/** What the portal asks for beside its script, it asks for as soon as a small script of its own is there. */
function askedEarly(): Plugin {
  return {
    name: 'asked-early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, path }) {
        const early = Object.values(bundle ?? {}).find((part) => part.type === 'chunk' && part.isEntry && part.name === 'early');
        if (!path.startsWith('/portal/') || !early) return [];
        // What it stands on comes before the portal's own scripts: browsers fetch few files of one address at a time.
        const first = early.type === 'chunk' ? early.imports.map((name) => ({ tag: 'link', attrs: { rel: 'modulepreload', crossorigin: true, href: `/${name}` }, injectTo: 'head-prepend' as const })) : [];
        return [...first, { tag: 'script', attrs: { type: 'module', async: true, crossorigin: true, src: `/${early.fileName}` }, injectTo: 'head-prepend' }];
      },
    },
  };
}

export default defineConfig({
  plugins: [react(), pagesByAddress(), serviceWorker(), askedEarly()],
  resolve: { alias: { '@': here('./src') } },
  server: { port: 5173, proxy: Object.fromEntries(['/v1', '/_local', '/config.json'].map((path) => [path, API])) },
  build: {
    target: 'es2022',
    // Inlined data: URLs would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { desk: here('./index.html'), portal: here('./portal/index.html'), early: here('./src/portal/early.ts'), embed: here('./src/embed/embed.ts'), framed: here('./src/embed/framed.ts') },
      // What other websites and the desk's own frame name must be called the same in every build.
      output: {
        entryFileNames: ({ name }) => (name === 'embed' || name === 'framed' ? '[name].js' : 'assets/[name]-[hash].js'),
        // On another website the script must leave none of its names behind.
        banner: ({ name }) => (name === 'embed' ? '(() => {' : ''),
        footer: ({ name }) => (name === 'embed' ? '})();' : ''),
      },
    },
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/lib/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    // One page and one load of the modules for all files of a worker: a page each costs four times the time of the tests.
    isolate: false,
    pool: 'threads',
    unstubGlobals: true,
    testTimeout: 30_000,
  },
});
