// The desk where there is no network: its own files alone, never an answer of the API, never anything of another origin.
// The build puts its name and its first files in (vite.config.ts); another name is another desk, and the old files go.
const BUILD = '__BUILD__';
const SHELL = '/index.html';
const KEPT = [SHELL, '/config.json', '/favicon.svg', ...__FILES__];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(BUILD).then((cache) => cache.addAll(KEPT)));
});

self.addEventListener('activate', (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== BUILD) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

// The page asks for it when somebody agreed to the newer desk.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
});

/** From the network while there is one; what was kept otherwise. */
async function freshOrKept(request, name) {
  try {
    return await fetch(request);
  } catch (cause) {
    const kept = await caches.match(name);
    if (kept) return kept;
    throw cause;
  }
}

/** Files of a build never change: what was fetched once is kept. */
async function keptOrFetched(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await (await caches.open(BUILD)).put(request, answer.clone());
  return answer;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/portal')) return;
  if (pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(request));
  else if (request.mode === 'navigate' && !/^\/(?:v1|_local|help)\b/.test(pathname)) event.respondWith(freshOrKept(request, SHELL));
  else if (pathname === '/config.json') event.respondWith(freshOrKept(request, pathname));
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const path = event.notification.data;
  const show = async () => {
    const [page] = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
    if (!page) return self.clients.openWindow(path);
    await page.focus();
    page.postMessage({ go: path });
    return page;
  };
  event.waitUntil(show());
});
