// The customers' portal: a form, one's requests, a rating. No password, nothing beyond React and its words; what few come
// for is a script of its own.
import '@/lib/styles/tokens.css';
import '@/portal/portal.css';
import { lazy, StrictMode, Suspense, useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi } from '@/lib/api/client';
import { fromThePage } from './from-the-page';
import { parseConfig, type DeskConfig } from '@/lib/config';
import type { Api } from '@/lib/api/client';
import type { Site } from '@/lib/api/types';
import { LANGUAGES, pickLanguage, type Language } from '@/lib/i18n/languages';
import { PortalContext, usePortal } from './context';
import { dictionaries } from './dictionaries';
import { early } from './early';
import { FormPage } from './form-page';
import { Frame } from './frame';
import { LinkPage } from './link-page';
import { placeOf } from './place';
import { PLAIN, siteOf, wear } from './site';
import { useVisitor } from './visitor';
import { wordsOf, type Dictionary } from './words';

const ApprovalPage = lazy(() => import('./approval-page'));
const RequestPage = lazy(() => import('./request-page'));
const RequestsPage = lazy(() => import('./requests-page'));
const SignInPage = lazy(() => import('./sign-in-page'));
const SignOnPage = lazy(() => import('./sign-on-page'));
const SurveyPage = lazy(() => import('./survey-page'));

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
    case 'requests':
      return <RequestsPage />;
    case 'signIn':
      return <SignInPage link={place.link} next={place.next} />;
    case 'signOn':
      return <SignOnPage answer={place.answer} />;
    case 'approval':
      return <ApprovalPage token={place.token} />;
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
        <Suspense>
          <Page />
        </Suspense>
      </Frame>
    </>
  );
}

interface Spoken {
  language: Language;
  dictionary: Dictionary;
  site: Site;
}

async function spoken(api: Api, language: Language, words = dictionaries[language](), asked = siteOf(api, language)): Promise<Spoken> {
  const [{ default: dictionary }, site] = await Promise.all([words, asked]);
  // A brand's pages are in its own languages alone.
  const own = LANGUAGES.filter((one) => site.languages.includes(one));
  return own.includes(language) || own[0] === undefined ? { language, dictionary, site } : spoken(api, own[0]);
}

interface PortalProps {
  api: Api;
  config: DeskConfig;
  first: Spoken;
  /** The address itself says which language: nothing else changes it. */
  fixed: boolean;
}

function Portal({ api, config, first, fixed }: PortalProps) {
  const [{ language, dictionary, site }, speak] = useState(first);
  useEffect(() => {
    document.documentElement.lang = language;
    wear(site);
  }, [language, site]);
  const visitor = useVisitor(api);
  const speakLike = useCallback(
    async (wanted: string): Promise<void> => {
      // Without the other words the page keeps those that it has.
      if (!fixed) await spoken(api, pickLanguage([wanted, first.language])).then(speak, () => undefined);
    },
    [api, first, fixed],
  );
  const value = useMemo(() => ({ api, brand: site.name ?? config.brand, site, t: wordsOf(dictionary), language, visitor, speak: speakLike }), [api, config, site, dictionary, language, visitor, speakLike]);
  return (
    <PortalContext value={value}>
      <Titled />
    </PortalContext>
  );
}

async function start(root: HTMLElement): Promise<void> {
  // Without its configuration the portal still takes a request: only the name is missing.
  const near = createApi('', undefined, fromThePage);
  const { language, fixed, words } = early;
  const [config, guessed] = await Promise.all([early.config.then(parseConfig), spoken(near, language, words, early.site.then((site) => site ?? PLAIN))]);
  // Nearly every desk has its API beside its pages; where it has not, whose pages these are is asked for there.
  const api = config.apiBase === '' ? near : createApi(config.apiBase, undefined, fromThePage);
  const first = api === near ? guessed : await spoken(api, language);
  createRoot(root).render(
    <StrictMode>
      <Portal api={api} config={config} first={first} fixed={fixed} />
    </StrictMode>,
  );
}

const root = document.getElementById('root');
if (root) void start(root);
