// The customers' portal: a form, one's request, a rating. No account, no cookie, nothing beyond React and its words.
import '@/lib/styles/tokens.css';
import '@/portal/portal.css';
import { StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi } from '@/lib/api/client';
import { loadConfig, parseConfig } from '@/lib/config';
import { pickLanguage, type Dictionaries } from '@/lib/i18n/languages';
import { PortalContext, usePortal } from './context';
import { FormPage } from './form-page';
import { Frame } from './frame';
import { LinkPage } from './link-page';
import { placeOf } from './place';
import { RequestPage } from './request-page';
import { SurveyPage } from './survey-page';
import { wordsOf, type Dictionary } from './words';

const dictionaries: Dictionaries<Dictionary> = {
  en: () => import('@/locales/portal/en.json'),
  ko: () => import('@/locales/portal/ko.json'),
  ja: () => import('@/locales/portal/ja.json'),
};

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function Page() {
  useSyncExternalStore(subscribe, () => location.hash);
  const place = placeOf(location);
  switch (place.page) {
    case 'form':
      return <FormPage />;
    case 'request':
      return <RequestPage key={place.token} id={place.id} token={place.token} />;
    case 'survey':
      return <SurveyPage token={place.token} rating={place.rating} />;
    case 'unknown':
      return <LinkPage trouble="unknown" />;
  }
}

function Titled() {
  const { t, brand } = usePortal();
  return (
    <>
      <title>{t('brandHelp', { brand })}</title>
      <Frame>
        <Page />
      </Frame>
    </>
  );
}

async function start(root: HTMLElement): Promise<void> {
  const wanted = new URLSearchParams(location.search).get('lang');
  const language = pickLanguage([...(wanted === null ? [] : [wanted]), ...navigator.languages]);
  // Without its configuration the portal still takes a request: only the name is missing.
  const [config, { default: dictionary }] = await Promise.all([loadConfig().catch(() => parseConfig(null)), dictionaries[language]()]);
  document.documentElement.lang = language;
  createRoot(root).render(
    <StrictMode>
      <PortalContext value={{ api: createApi(config.apiBase), brand: config.brand, t: wordsOf(dictionary), language }}>
        <Titled />
      </PortalContext>
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
