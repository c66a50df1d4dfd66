// Articles that may answer what is being typed: beside the form, or below it where there is no room; never between the customer
// and Send. What is below is told where one types, in the place of a hint, so that nothing moves.
import './suggestions.css';
import { useEffect, useState } from 'react';
import { unwrap } from '@/lib/api/client';
import type { Ok } from '@/lib/api/types';
import { usePortal } from './context';
import { atBrand, brandOf } from './place';

type Found = Ok<'/v1/help/suggestions', 'get'>;

const NOTHING: Found = { items: [], questions: [] };
const ID = 'suggestions';
const PAUSE_MS = 350;
const SHORTEST = 4;

/** What may answer a text, some moments after it was typed. */
export function useSuggestions(text: string): Found {
  const { api, language } = usePortal();
  const [found, setFound] = useState<Found>(NOTHING);
  const typed = text.trim().slice(0, 300);
  useEffect(() => {
    let current = true;
    const brand = brandOf(location.pathname);
    const look = async (): Promise<void> => {
      if (typed.length < SHORTEST) {
        setFound(NOTHING);
        return;
      }
      // Without suggestions the form is as good as before.
      const answer = await unwrap(api.GET('/v1/help/suggestions', { params: { query: { q: typed, locale: language, limit: 3, ...(brand !== null && { brand }) } } })).catch(() => null);
      if (current && answer) setFound(answer);
    };
    const timer = setTimeout(() => void look(), PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, language, typed]);
  return found;
}

/** Leads to the suggestions, where they are not in sight. */
export function SuggestionsBelow({ found: { items, questions } }: { found: Found }) {
  const { t } = usePortal();
  const count = items.length + questions.length;
  if (count === 0) return null;
  return (
    <button type="button" className="link suggestions__below" onClick={({ currentTarget }) => currentTarget.ownerDocument.getElementById(ID)?.scrollIntoView({ block: 'start' })}>
      {t('form.suggested', { count })}
    </button>
  );
}

export function Suggestions({ found: { items, questions } }: { found: Found }) {
  const { t } = usePortal();
  if (items.length === 0 && questions.length === 0) return null;
  return (
    <aside className="suggestions" id={ID} aria-label={t('form.suggestions')}>
      <h2>{t('form.suggestions')}</h2>
      <ul>
        {items.map((one) => (
          <li key={one.number}>
            <a href={atBrand(one.address)} target="_blank" rel="noopener" lang={one.language}>
              {one.title}
            </a>
            {one.summary !== '' && <p className="hint">{one.summary}</p>}
          </li>
        ))}
      </ul>
      {questions.length > 0 && (
        <>
          <h2>{t('fromCommunity')}</h2>
          <ul>
            {questions.map((one) => (
              <li key={one.number}>
                <a href={atBrand(one.address)} target="_blank" rel="noopener" lang={one.language}>
                  {one.title}
                </a>
                {one.solved && <p className="hint">✓ {t('solvedMark')}</p>}
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}
