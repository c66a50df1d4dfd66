// How far an article is in a language, as a word with a sign: never by colour alone.
import { useWords } from './words';
import type { ArticleRow, ArticleState } from '@/lib/data/knowledge';

type TextState = ArticleRow['languages'][string];

const SIGNS: Record<ArticleState, string> = { draft: '○', review: '◐', scheduled: '◷', published: '●', archived: '×' };

export function StateMark({ state }: { state: ArticleState }) {
  const w = useWords();
  return (
    <span className={`state state--${state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {w(`states.${state}`)}
    </span>
  );
}

/** The same in one sign for narrow places, with what it means for those who do not see it. */
export function StateSign({ text, language, named = true }: { text: TextState; language: string; named?: boolean }) {
  const w = useWords();
  const says = [w(`states.${text.state}`), text.stale ? w('list.stale') : null].filter((one) => one !== null).join(', ');
  return (
    <span className={`state-sign state--${text.state}`} title={`${language}: ${says}`}>
      <span aria-hidden="true">{SIGNS[text.state]}</span>
      {named && <span className="state-sign__language">{language}</span>}
      <span className="visually-hidden">{says}</span>
      {text.stale && (
        <span className="state-sign__stale" aria-hidden="true">
          !
        </span>
      )}
    </span>
  );
}
