// The text as readers will see it, while it is being written.
import { useComputedColorScheme } from '@mantine/core';
import { useWords } from './words';
import { MailFrame } from '@/components/mail-frame';
import { useRendered, type Words } from '@/lib/data/knowledge';
import { useSlowly } from '@/lib/slowly';

const TYPED_MS = 350;

export function Preview({ words, language }: { words: Words; language: string }) {
  const w = useWords();
  const dark = useComputedColorScheme('light') === 'dark';
  const { data, isError } = useRendered(useSlowly(words.body, TYPED_MS));
  return (
    <article className="preview" lang={language} aria-label={w('side.preview')}>
      <h2 className="preview__title" dir="auto">
        {words.title || w('writing.untitled')}
      </h2>
      {words.summary !== '' && (
        <p className="preview__summary" dir="auto">
          {words.summary}
        </p>
      )}
      {words.body.trim() === '' ? (
        <p className="field__hint">{w('side.nothingYet')}</p>
      ) : (
        data !== undefined && <MailFrame look="article" title={w('side.preview')} html={data} dark={dark} />
      )}
      {isError && data === undefined && <p className="field__fault">{w('side.noPreview')}</p>}
    </article>
  );
}

/** A text that is there already, in the language that the article is written in first. */
export function Original({ html, title, language }: { html: string; title: string; language: string }) {
  const w = useWords();
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <article className="preview" lang={language} aria-label={w('side.original')}>
      <h2 className="preview__title" dir="auto">
        {title}
      </h2>
      <MailFrame look="article" title={w('side.original')} html={html} dark={dark} />
    </article>
  );
}
