// A brand's help centre with what is not saved yet: the server makes the page as it makes readers', and says what could not be
// saved like this. It stands in a frame that runs no script, opens nothing and sends nothing.
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Brand } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { LANGUAGES, type Language } from '@/lib/i18n/languages';

const SOON_MS = 400;

interface HelpHome {
  /** The page as it last could be saved; null: not yet known. */
  html: string | null;
  /** Why what is written now could not be. */
  refused: ApiError | null;
}

/** The page of a draft, asked for again while it is written; only where it is wanted. */
export function useHelpHome({ id, ...draft }: Omit<Brand, 'version'>, locale: Language, wanted: boolean): HelpHome {
  const { api } = useDesk();
  const [html, setHtml] = useState<string | null>(null);
  const { mutate, error } = useMutation({
    mutationFn: async (asked: string) => (await unwrap(api.POST('/v1/brands/{id}/help-preview', { params: { path: { id: id || '-' }, query: { locale } }, body: JSON.parse(asked) as typeof draft }))).html,
  });
  const asked = JSON.stringify(draft);
  useEffect(() => {
    if (!wanted) return undefined;
    // Whatever is answered after a later question counts no more: callbacks of a call are those of the last alone.
    const soon = setTimeout(() => mutate(asked, { onSuccess: setHtml }), SOON_MS);
    return () => clearTimeout(soon);
  }, [asked, id, locale, wanted, mutate]);
  return { html, refused: error instanceof ApiError ? error : null };
}

/** Light or dark as it is looked at, whatever the admin's own page is; a link would open elsewhere, which the frame does not let it. */
const dressed = (html: string, dark: boolean): string => html.replace('<html ', `<html style="color-scheme: ${dark ? 'dark' : 'light'}" `).replace('<head>', '<head><base target="_blank">');

interface HelpPreviewProps {
  /** What the frame is called. */
  title: string;
  html: string;
  dark: boolean;
  onLanguage: (language: Language) => void;
}

export function HelpPreview({ title, html, dark, onLanguage }: HelpPreviewProps) {
  const place = useRef(0);
  const open = (page: Document | null): void => {
    if (!page) return;
    // A page that is made anew stands where the last one was left.
    if (place.current > 0) page.defaultView?.scrollTo({ top: place.current, behavior: 'instant' });
    page.addEventListener('scroll', () => (place.current = page.defaultView?.scrollY ?? 0), { passive: true });
    page.addEventListener('click', (event) => {
      const link = (event.target as Element).closest('a, button');
      if (!link) return;
      event.preventDefault();
      const other = LANGUAGES.find((one) => one === link.getAttribute('hreflang'));
      if (other) onLanguage(other);
    });
  };
  return <iframe title={title} className="portal-preview" sandbox="allow-same-origin" srcDoc={dressed(html, dark)} onLoad={({ currentTarget }) => open(currentTarget.contentDocument)} />;
}
