// What stands around every page of the portal: whose it is, and in which language.
import type { ReactNode } from 'react';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';
import { usePortal } from './context';
import { atBrand, isFramed, requestsPath } from './place';

/** The same address in another language; the key in the fragment stays. */
function inLanguage(language: string): string {
  const query = new URLSearchParams(location.search);
  query.set('lang', language);
  return `${location.pathname}?${query.toString()}${location.hash}`;
}

export function Frame({ children }: { children: ReactNode }) {
  const { t, language, brand, site } = usePortal();
  if (isFramed(location.pathname)) {
    return (
      <main className="page__content" id="content">
        {children}
      </main>
    );
  }
  return (
    <div className="page">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <header className="page__head">
        <a className="page__brand" href={atBrand(`/portal?lang=${language}`)}>
          {site.logo_url ? <img className="page__logo" src={site.logo_url} alt="" height={32} /> : <Sign />}
          {brand}
        </a>
        <nav className="page__links">
          <a className="page__mine" href={atBrand(`/help/${language}`)}>
            {t('help')}
          </a>
          {site.community === true && (
            <a className="page__mine" href={atBrand(`/help/${language}/community`)}>
              {t('community')}
            </a>
          )}
          <a className="page__mine" href={requestsPath()}>
            {t('requests.title')}
          </a>
        </nav>
      </header>
      <main className="page__content" id="content" tabIndex={-1}>
        {children}
      </main>
      <footer className="page__foot">
        <nav aria-label={t('language')}>
          {LANGUAGES.filter((other) => site.languages.includes(other)).map((other) => (
            <a key={other} lang={other} hrefLang={other} href={inLanguage(other)} aria-current={other === language ? 'true' : undefined}>
              {LANGUAGE_NAMES[other]}
            </a>
          ))}
        </nav>
        {(site.footer !== null || site.links.length > 0) && (
          <p className="hint">
            {site.footer}{' '}
            {site.links.map(({ name, address }) => (
              <a key={address} href={address} rel="noopener">
                {name}
              </a>
            ))}
          </p>
        )}
      </footer>
    </div>
  );
}

/** The sign of a desk that has no picture of its own. */
function Sign() {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent-fill)" />
      <path d="M9 10.5A2.500 2.500 0 0 1 11.500 8h9a2.500 2.500 0 0 1 2.500 2.500v7a2.500 2.500 0 0 1-2.500 2.500H16l-4.500 4v-4A2.500 2.500 0 0 1 9 17.500z" fill="var(--on-accent)" />
    </svg>
  );
}

interface NoticeProps {
  tone?: 'good' | 'plain';
  title: string;
  text?: string;
  children?: ReactNode;
}

/** A page that has one thing to say. */
export function Notice({ tone = 'plain', title, text, children }: NoticeProps) {
  return (
    <section className="notice" role="status">
      <span className={`notice__sign notice__sign--${tone}`} aria-hidden="true">
        <svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
          <path d={tone === 'good' ? 'm5 12.5 4.500 4.500L19 7.500' : 'M12 7v6M12 16.800v.2'} />
        </svg>
      </span>
      <h1>{title}</h1>
      {text !== undefined && <p className="lead">{text}</p>}
      {children}
    </section>
  );
}
