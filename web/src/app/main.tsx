// The agents' desk: language, configuration and session first, then the page.
import '@/lib/styles/tokens.css';
import '@/app/mantine.css';
import '@/app/base.css';
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from '@/app/app';
import { BrokenBoundary } from '@/app/broken-boundary';
import { UnreachablePage } from '@/app/start-page';
import { theme } from '@/app/theme';
import { createApi } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import { loadConfig, type DeskConfig } from '@/lib/config';
import { DeskContext } from '@/lib/data/context';
import { keptName } from '@/lib/data/desk-name';
import { startI18n } from '@/lib/i18n/i18n';
import { pickLanguage, type Language } from '@/lib/i18n/languages';
import { Session } from '@/lib/oidc/session';
import { readJson } from '@/lib/storage';

const dictionaries = {
  en: () => import('@/locales/desk/en.json'),
  ko: () => import('@/locales/desk/ko.json'),
  ja: () => import('@/locales/desk/ja.json'),
};

/** Refusals do not get better by asking again; a desk that did not answer might. */
const worthRetrying = (failures: number, error: Error): boolean =>
  failures < 2 && (!(error instanceof ApiError) || error.offline || error.status >= 500);

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: worthRetrying, refetchOnWindowFocus: false, gcTime: 30 * 60_000 },
    mutations: { networkMode: 'always' },
  },
});

function preferredLanguage(): Language {
  const kept = readJson('desk.language');
  return pickLanguage([...(typeof kept === 'string' ? [kept] : []), ...navigator.languages]);
}

async function start(root: HTMLElement): Promise<void> {
  document.title = keptName() ?? document.title;
  const [config, changeLanguage] = await Promise.all([
    loadConfig().catch(() => null),
    startI18n(dictionaries, preferredLanguage()),
  ]);
  const desk = (known: DeskConfig) => {
    const session = new Session(known.oidc, {
      origin: location.origin,
      go: (address) => location.assign(address),
      now: () => Date.now(),
      fetch: (address, init) => fetch(address, init),
    });
    return { api: createApi(known.apiBase, session), session, config: known, changeLanguage };
  };
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager({ key: 'desk.scheme' })}
        withCssVariables={false}
        withGlobalClasses={false}
      >
        {config ? (
          <DeskContext value={desk(config)}>
            <QueryClientProvider client={client}>
              <BrowserRouter>
                <BrokenBoundary>
                  <App />
                </BrokenBoundary>
              </BrowserRouter>
            </QueryClientProvider>
          </DeskContext>
        ) : (
          <UnreachablePage />
        )}
      </MantineProvider>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
