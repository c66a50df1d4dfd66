// What fits the words behind a "/": canned responses and articles to put into the text, macros to run. Walked from the field itself.
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { IconArticle, IconMacro, IconText } from '@/components/icons';
import { useArticleHtml, useMacroPreview, useQuick, useQuickArticles, type QuickArticle, type SlashItem } from '@/lib/data/quick';
import { useSlowly } from '@/lib/slowly';
import { useT } from '@/lib/i18n/use-t';
import { glanceOf } from '@/lib/tickets/article-words';
import './slash-menu.css';

export interface SlashKeys {
  /** Whether the key was for the menu. */
  press: (key: string) => boolean;
}

interface SlashMenuProps {
  id: string;
  ticket: string;
  /** The ticket's: of an article in several languages the text in this one is put in. */
  language: string;
  query: string;
  keys: Ref<SlashKeys>;
  onChoose: (item: SlashItem, whole?: boolean) => void;
  /** The id of what Enter would take, for the field's `aria-activedescendant`. */
  onActive: (id: string | null) => void;
}

/** Keeps what it shows until something better has come: nothing flickers while one types. */
export function SlashMenu({ id, ticket, language, query, keys, onChoose, onActive }: SlashMenuProps) {
  const t = useT();
  const { data: quick, isError } = useQuick(ticket, query);
  const { data: articles = [] } = useQuickArticles(query, language);
  const items: SlashItem[] | undefined = quick && [...quick, ...(query === '' ? [] : articles)];
  const [active, setActive] = useState({ query, at: 0 });
  const list = useRef<HTMLUListElement>(null);
  const count = items?.length ?? 0;
  // Other words: the best of what they find comes first again.
  const at = active.query === query ? Math.min(active.at, Math.max(0, count - 1)) : 0;
  const chosen = items?.[at];
  const activeId = chosen ? `${id}-${at}` : null;

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
    onActive(activeId);
  }, [at, activeId, onActive]);
  useEffect(() => () => onActive(null), [onActive]);

  useImperativeHandle(keys, () => ({
    press: (key) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[key];
      if (step !== undefined && count > 0) setActive({ query, at: (at + step + count) % count });
      else if ((key === 'Enter' || key === 'Tab') && chosen) onChoose(chosen, key === 'Tab');
      else return false;
      return true;
    },
  }));

  return (
    <div className="slash">
      <ul className="slash__list" id={id} role="listbox" tabIndex={0} aria-label={t('slash.label')} ref={list}>
        {items?.map((item, index) => (
          // The keyboard walks this list from the field (aria-activedescendant); the focus stays there.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <li
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === at}
            className={index === at ? 'slash__item slash__item--active' : 'slash__item'}
            onPointerMove={() => setActive({ query, at: index })}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(item)}
          >
            <Sign kind={item.kind} />
            <span className="slash__text">
              <span className="slash__title">{item.title}</span>
              {item.preview !== '' && (
                <span className="slash__preview" dir="auto">
                  {item.preview}
                </span>
              )}
            </span>
            <span className="slash__kind">{item.kind === 'macro' ? t('slash.macro') : item.kind === 'article' ? t(item.provisional ? 'slash.provisional' : 'slash.article') : item.folder}</span>
          </li>
        ))}
      </ul>
      {items?.length === 0 && <p className="slash__none">{t('slash.none')}</p>}
      {isError && <p className="slash__none">{t('slash.failed')}</p>}
      {chosen?.kind === 'article' && <ArticleGlance article={chosen} />}
      {chosen?.kind === 'macro' && <MacroWords ticket={ticket} macro={chosen.id} />}
      <p className="slash__hint" aria-hidden="true">
        {t('slash.hint')}
      </p>
    </div>
  );
}

function Sign({ kind }: Pick<SlashItem, 'kind'>) {
  const Icon = kind === 'macro' ? IconMacro : kind === 'article' ? IconArticle : IconText;
  return <Icon size={16} stroke={1.6} aria-hidden="true" />;
}

const LOOK_MS = 200;

/** How the article that Enter would name begins, and what else can be done with it. */
function ArticleGlance({ article }: { article: QuickArticle }) {
  const t = useT();
  const { data } = useArticleHtml(useSlowly(article, LOOK_MS));
  return (
    <div className="slash__does">
      <span className="slash__reply" dir="auto" lang={article.language}>
        {data === undefined ? '…' : glanceOf(data)}
      </span>
      <span className="slash__change">{t(article.link === null ? 'slash.onlyText' : 'slash.linkOrText')}</span>
    </div>
  );
}

/** What the macro that Enter would run does here: said before it is done. */
function MacroWords({ ticket, macro }: { ticket: string; macro: string }) {
  const t = useT();
  const { data, isFetching } = useMacroPreview(ticket, useSlowly(macro, LOOK_MS));
  if (!data) return <p className="slash__does">{isFetching ? '…' : ''}</p>;
  if (data.problem) return <p className="slash__does slash__does--problem">{data.problem.detail}</p>;
  const shown = (value: (typeof data)['changes'][number]['old']): string => (value === null ? '–' : Array.isArray(value) ? value.join(', ') : String(value));
  return (
    <div className="slash__does">
      {data.changes.map(({ name, old, new: next }) => (
        <span key={name} className="slash__change">
          {name.replaceAll('_', ' ')}: <s>{shown(old)}</s> → <b>{shown(next)}</b>
        </span>
      ))}
      {data.reply && (
        <span className="slash__reply" dir="auto">
          {t(data.visibility === 'internal' ? 'slash.notes' : 'slash.answers')} {data.reply.text}
        </span>
      )}
    </div>
  );
}
