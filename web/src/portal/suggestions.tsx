// Articles that may answer what is being typed: beside the form or below it, never between the customer and Send.
import './suggestions.css';
import { useEffect, useState } from 'react';
import { unwrap } from '@/lib/api/client';
import type { ArticleSuggestion } from '@/lib/api/types';
import { usePortal } from './context';
import { atBrand, brandOf } from './place';

const PAUSE_MS = 350;
const SHORTEST = 4;

export function Suggestions({ text }: { text: string }) {
  const { api, language, t } = usePortal();
  const [found, setFound] = useState<readonly ArticleSuggestion[]>([]);
  const typed = text.trim().slice(0, 300);
  useEffect(() => {
    let current = true;
    const brand = brandOf(location.pathname);
    const look = async (): Promise<void> => {
      if (typed.length < SHORTEST) {
        setFound([]);
        return;
      }
      // Without suggestions the form is as good as before.
      const answer = await unwrap(api.GET('/v1/help/suggestions', { params: { query: { q: typed, locale: language, limit: 3, ...(brand !== null && { brand }) } } })).catch(() => null);
      if (current && answer) setFound(answer.items);
    };
    const timer = setTimeout(() => void look(), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, language, typed]);
  if (found.length === 0) return null;
  return (
    <aside className="suggestions" aria-label={t('form.suggestions')}>
      <h2>{t('form.suggestions')}</h2>
      <ul>
        {found.map((one) => (
          <li key={one.number}>
            <a href={atBrand(one.address)} target="_blank" rel="noopener" lang={one.language}>
              {one.title}
            </a>
            {one.summary !== '' && <p className="hint">{one.summary}</p>}
          </li>
        ))}
      </ul>
    </aside>
  );
}
