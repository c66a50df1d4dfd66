// The portal's first page for those who set it up: the page itself, in a frame of its own, with a brand that is not saved yet.
// It is drawn into the frame from here, so that there is no address at which anybody else could show such a page.
import { useEffect, useMemo, useState, type MouseEvent, type SyntheticEvent } from 'react';
import { createPortal } from 'react-dom';
import tokens from '@/lib/styles/tokens.css?url';
import own from '@/portal/portal.css?url';
import frame from '@/portal/preview-frame.css?url';
import suggestions from '@/portal/suggestions.css?url';
import { LANGUAGES, type Language } from '@/lib/i18n/languages';
import type { Category, Site } from '@/lib/api/types';
import { PortalContext } from './context';
import { dictionaries } from './dictionaries';
import { FormPage } from './form-page';
import { Frame } from './frame';
import { previewApi } from './preview-api';
import { wear } from './site';
import { wordsOf, type Dictionary } from './words';

interface PreviewProps {
  /** Where the API is; empty: beside the page. */
  base: string;
  /** What the frame is called. */
  title: string;
  site: Site;
  /** What the desk is called, where the brand has no name yet. */
  brand: string;
  categories: readonly Category[];
  language: Language;
  onLanguage: (language: Language) => void;
  dark: boolean;
}

const SHEETS = [tokens, frame, own, suggestions];

/** What is in the frame is drawn from outside: it runs nothing of its own, asks for nothing and sends nothing. */
const POLICY = "script-src 'none'; connect-src 'none'; frame-src 'none'; form-action 'none'; base-uri 'none'";

const documentOf = (): string =>
  `<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">${SHEETS.map((sheet) => `<link rel="stylesheet" href="${new URL(sheet, location.origin).href}">`).join('')}</head><body></body></html>`;

function useDictionary(language: Language): { language: Language; dictionary: Dictionary } | null {
  const [spoken, setSpoken] = useState<{ language: Language; dictionary: Dictionary } | null>(null);
  useEffect(() => {
    let current = true;
    void dictionaries[language]().then(({ default: dictionary }) => current && setSpoken({ language, dictionary }));
    return () => {
      current = false;
    };
  }, [language]);
  return spoken;
}

function dress(page: HTMLElement, site: Site, language: Language, dark: boolean): void {
  page.style.cssText = '';
  page.className = dark ? 'dark' : 'light';
  page.lang = language;
  wear(site, page);
}

const hold = (event: SyntheticEvent): void => {
  event.preventDefault();
  event.stopPropagation();
};

export default function PortalPreview({ base, title, site, brand, categories, language, onLanguage, dark }: PreviewProps) {
  const [body, setBody] = useState<HTMLElement | null>(null);
  const [source] = useState(documentOf);
  const spoken = useDictionary(language);
  const api = useMemo(() => previewApi(base, categories), [base, categories]);
  useEffect(() => {
    const page = body?.ownerDocument.documentElement;
    if (!page || !spoken) return;
    dress(page, site, spoken.language, dark);
  }, [body, dark, site, spoken]);
  const value = useMemo(
    () => spoken && { api, brand: site.name ?? brand, site, t: wordsOf(spoken.dictionary), language: spoken.language, visitor: null, speak: () => Promise.resolve(), sample: true },
    [api, brand, site, spoken],
  );
  const follow = (event: MouseEvent): void => {
    const link = (event.target as Element).closest('a, button[type="submit"], .files__add');
    if (!link) return;
    hold(event);
    const other = LANGUAGES.find((one) => one === link.getAttribute('hreflang'));
    if (other) onLanguage(other);
  };
  return (
    <>
      <iframe title={title} className="portal-preview" srcDoc={source} onLoad={({ currentTarget }) => setBody(currentTarget.contentDocument?.body ?? null)} />
      {body &&
        value &&
        createPortal(
          // It is no control: it keeps what is clicked in it from leading anywhere.
          <div onClickCapture={follow} onSubmitCapture={hold} onDropCapture={hold} onPasteCapture={(event) => event.clipboardData.files.length > 0 && hold(event)}>
            <PortalContext value={value}>
              <Frame>
                <FormPage />
              </Frame>
            </PortalContext>
          </div>,
          body,
        )}
    </>
  );
}
