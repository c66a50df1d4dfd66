// What can become of a text next: saved, looked at, let out now or later, given back, taken back, put away.
import { Button, Menu } from '@mantine/core';
import { useState } from 'react';
import { ReturnDialog } from './return-dialog';
import type { Acting } from './use-acting';
import { useWords } from './words';
import { IconChevronDown } from '@/components/icons';
import { TimeDialog } from '@/components/time-dialog';
import { useMe } from '@/lib/data/directory';
import { publishesArticles, useArticleActs, writesArticles, type Article, type Step } from '@/lib/data/knowledge';
import type { Language } from '@/lib/i18n/languages';
import { useLanguage } from '@/lib/i18n/use-t';
import { moment } from '@/lib/time/format';

interface StepButtonsProps {
  article: Article;
  language: Language;
  unsaved: boolean;
  acting: Acting;
  /** Saves what is written; null: it was refused. */
  save: () => Promise<Article | null>;
  onDiscard: () => void;
}

export function StepButtons({ article, language, unsaved, acting, save, onDiscard }: StepButtonsProps) {
  const w = useWords();
  const spoken = useLanguage();
  const { data: me } = useMe();
  const acts = useArticleActs();
  const [asking, setAsking] = useState<'when' | 'return' | null>(null);
  const text = article.languages[language];
  const publishes = publishesArticles(me);
  const state = text?.state ?? 'draft';
  // There is a text that readers do not see yet.
  const begun = unsaved || state === 'draft' || state === 'review' || state === 'scheduled';
  const ready = begun && (text !== undefined || unsaved) && (publishes || unsaved || state !== 'review');
  const seen = (text?.live_revision ?? null) !== null || state === 'scheduled';

  const step = async (what: Step, done: string, from: Article | null = article): Promise<void> => {
    const current = from !== null && unsaved && what.step !== 'give_back' && what.step !== 'take_back' ? await save() : from;
    if (current) await acting.run(() => acts.step(current.id, current.version, language, what), { done, repeat: (version) => void step(what, done, { ...current, version }) });
  };
  const archive = (archived: boolean): Promise<unknown> =>
    acting.run(() => acts.change(article.id, article.version, { archived }), { done: w(archived ? 'steps.archived' : 'steps.broughtBack') });

  if (!writesArticles(me)) return null;
  if (article.archived) {
    return (
      <div className="article-head__acts">
        <Button variant="default" loading={acting.busy} onClick={() => void archive(false)}>
          {w('steps.bringBack')}
        </Button>
      </div>
    );
  }
  return (
    <div className="article-head__acts">
      {unsaved && (
        <Button variant="subtle" color="gray" onClick={onDiscard}>
          {w('article.discard')}
        </Button>
      )}
      <Button variant="default" disabled={!unsaved} loading={acting.busy} onClick={() => void save()}>
        {w('article.save')}
      </Button>
      <Button.Group>
        {publishes ? (
          <Button disabled={!ready} onClick={() => void step({ step: 'publish' }, w('steps.published'))}>
            {w(state === 'review' ? 'steps.approve' : 'steps.publish')}
          </Button>
        ) : (
          <Button disabled={!ready} onClick={() => void step({ step: 'ask_for_review' }, w('steps.asked'))}>
            {w('steps.ask')}
          </Button>
        )}
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant={ready ? 'filled' : 'default'} className="editor__more" aria-label={w('steps.more')}>
              <IconChevronDown size={16} />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {publishes && (
              <>
                <Menu.Item disabled={!begun} onClick={() => setAsking('when')}>
                  {w('steps.later')}
                </Menu.Item>
                <Menu.Item disabled={!begun || state === 'scheduled'} onClick={() => void step({ step: 'ask_for_review' }, w('steps.asked'))}>
                  {w('steps.ask')}
                </Menu.Item>
                <Menu.Item disabled={state !== 'draft' && state !== 'review'} onClick={() => setAsking('return')}>
                  {w('steps.return')}
                </Menu.Item>
                <Menu.Item disabled={!seen} onClick={() => void step({ step: 'take_back' }, w('steps.takenBack'))}>
                  {w('steps.takeBack')}
                </Menu.Item>
                <Menu.Divider />
              </>
            )}
            <Menu.Item disabled={seen && !publishes} onClick={() => void archive(true)}>
              {w('steps.archive')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Button.Group>
      {asking === 'when' && (
        <TimeDialog
          title={w('steps.laterTitle')}
          confirm={w('steps.plan')}
          onClose={() => setAsking(null)}
          onChoose={(at) => {
            setAsking(null);
            if (at !== null) void step({ step: 'publish', publish_at: at }, w('steps.planned', { at: moment(at, spoken) }));
          }}
        />
      )}
      {asking === 'return' && (
        <ReturnDialog
          title={article.title}
          onClose={() => setAsking(null)}
          onReturn={(reason) => {
            setAsking(null);
            void step({ step: 'give_back', reason }, w('steps.returned'));
          }}
        />
      )}
    </div>
  );
}
