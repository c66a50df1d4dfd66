// What waits for somebody: drafts that authors ask to be looked at, and solutions that were used before anybody had.
import { Button, useComputedColorScheme } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { articlePath } from './paths';
import { Refused } from './refused';
import { ReturnDialog } from './return-dialog';
import { useActing } from './use-acting';
import { useWaiting, type Waiting } from './use-waiting';
import { useWords } from './words';
import { EmptyState } from '@/components/empty-state';
import { IconCloudOff, IconSolved } from '@/components/icons';
import { MailFrame } from '@/components/mail-frame';
import { RelativeTime } from '@/components/relative-time';
import { useMe, useNames } from '@/lib/data/directory';
import { publishesArticles, useArticle, useArticleActs, useText, type Article } from '@/lib/data/knowledge';
import { LANGUAGE_NAMES, type Language } from '@/lib/i18n/languages';

export function ReviewQueue() {
  const w = useWords();
  const { asked, provisional, count, pending, failed } = useWaiting();
  if (failed && pending) return <EmptyState icon={<IconCloudOff size={22} stroke={1.6} />} title={w('list.failed')} />;
  if (!pending && count === 0) return <EmptyState icon={<IconSolved size={22} stroke={1.6} />} title={w('review.emptyTitle')} text={w('review.emptyText')} />;
  return (
    <div className="queue" aria-busy={pending}>
      <h1 className="visually-hidden">{w('page.review')}</h1>
      {asked.length > 0 && <Part title={w('review.asked')} text={w('review.askedText')} items={asked} />}
      {provisional.length > 0 && <Part title={w('review.provisional')} text={w('review.provisionalText')} items={provisional} />}
    </div>
  );
}

function Part({ title, text, items }: { title: string; text: string; items: readonly Waiting[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <section>
      <h2 className="setup__title">{title}</h2>
      <p className="setup__text">{text}</p>
      <ul className="queue__list">
        {items.map((one) => {
          const key = `${one.article.id}.${one.language}`;
          return <Item key={key} waiting={one} open={open === key} onOpen={() => setOpen(open === key ? null : key)} />;
        })}
      </ul>
    </section>
  );
}

function Item({ waiting: { article, language }, open, onOpen }: { waiting: Waiting; open: boolean; onOpen: () => void }) {
  const w = useWords();
  const names = useNames();
  const text = article.languages[language];
  const author = names.agent(text?.asked_by ?? text?.updated_by);
  return (
    <li className="queue__one">
      <button type="button" className="queue__head" aria-expanded={open} onClick={onOpen}>
        <span className="queue__title" dir="auto">
          {text?.title ?? article.title}
        </span>
        <span className="article-row__facts">
          <span>#{article.number}</span>
          <span>{LANGUAGE_NAMES[language]}</span>
          {author !== null && <span>{author}</span>}
          <RelativeTime at={text?.updated_at ?? article.updated_at} />
          {article.kind === 'solution' && <span className="article-mark article-mark--provisional">{w('kinds.solution')}</span>}
          {text?.returned_by && <span className="article-mark article-mark--returned">{w('review.wasReturned')}</span>}
        </span>
      </button>
      {open && <Opened id={article.id} language={language} />}
    </li>
  );
}

function Opened({ id, language }: { id: string; language: Language }) {
  const { data: article } = useArticle(id);
  return article ? <Decision article={article} language={language} /> : <div className="queue__open" aria-busy="true" />;
}

/** The text as readers would see it, and the two answers to it. */
function Decision({ article, language }: { article: Article; language: Language }) {
  const w = useWords();
  const { data: me } = useMe();
  const acts = useArticleActs();
  const acting = useActing(article);
  const dark = useComputedColorScheme('light') === 'dark';
  const [returning, setReturning] = useState(false);
  const { data: text } = useText(article, language);
  const inside = article.audience === 'internal';
  const may = publishesArticles(me);
  const approve = async (open: boolean, version = article.version): Promise<void> => {
    const after = open ? await acting.run(() => acts.change(article.id, version, { audience: 'public' }), { done: w('review.opened') }) : article;
    if (after) await acting.run(() => acts.step(article.id, after === article ? version : after.version, language, { step: 'publish' }), { done: w('steps.published'), repeat: (now) => void approve(false, now) });
  };
  return (
    <div className="queue__open">
      {acting.refused && <Refused refused={acting.refused} onTheirs={() => undefined} onClose={acting.forget} />}
      <div className="preview" lang={language}>
        {text && text.summary !== '' && (
          <p className="preview__summary" dir="auto">
            {text.summary}
          </p>
        )}
        {text && <MailFrame look="article" title={text.title} html={text.html} dark={dark} />}
      </div>
      <p className="field__hint">
        {w('review.readers', { audience: w(`audiences.${article.audience}`) })}{' '}
        {article.from_ticket !== null && (
          <Link className="link" to={`/tickets/${article.from_ticket}`}>
            {w('article.fromTicket')}
          </Link>
        )}
      </p>
      <div className="setup__acts">
        {may && inside && (
          <Button loading={acting.busy} onClick={() => void approve(true)}>
            {w('review.approvePublic')}
          </Button>
        )}
        {may && (
          <Button variant={inside ? 'default' : 'filled'} loading={acting.busy} onClick={() => void approve(false)}>
            {w(inside ? 'review.approveInside' : 'steps.approve')}
          </Button>
        )}
        {may && (
          <Button variant="default" onClick={() => setReturning(true)}>
            {w('steps.return')}
          </Button>
        )}
        <Button component={Link} variant="default" to={articlePath(article.id, language)}>
          {w('review.edit')}
        </Button>
      </div>
      {returning && (
        <ReturnDialog
          title={article.title}
          onClose={() => setReturning(false)}
          onReturn={(reason) => {
            setReturning(false);
            void acting.run(() => acts.step(article.id, article.version, language, { step: 'give_back', reason }), { done: w('steps.returned') });
          }}
        />
      )}
    </div>
  );
}
