// What an author types: a title, a sentence for lists, the body.
import { useRef, useState } from 'react';
import { MarkdownField, type MarkdownHandle } from './markdown-field';
import { useWords } from './words';
import { Field } from '@/components/form';
import { ApiError } from '@/lib/api/problem';
import type { Words } from '@/lib/data/knowledge';

const LONGEST_TITLE = 200;
const LONGEST_SUMMARY = 400;
const LONGEST_BODY = 60_000;

interface WritingProps {
  words: Words;
  language: string;
  guide: boolean;
  fixed: boolean;
  faultOf: (field: 'title' | 'summary' | 'body') => string | undefined;
  onChange: (part: Partial<Words>) => void;
  /** Takes a picture in and gives how the body names it; several come one after the other. */
  addPicture: (file: File) => Promise<string>;
  /** Takes pictures in where there is no article yet that they could belong to; then they are not put into the field. */
  beginWith?: (files: readonly File[]) => Promise<void>;
}

export const nameOfPicture = (file: File): string => file.name.replace(/\.\w+$/, '').replaceAll(/[[\]()\n]/g, ' ').trim() || 'image';

export function Writing({ words, language, guide, fixed, faultOf, onChange, addPicture, beginWith }: WritingProps) {
  const w = useWords();
  const field = useRef<MarkdownHandle>(null);
  const [sending, setSending] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const addAll = async (files: File[]): Promise<void> => {
    setProblem(null);
    if (beginWith) {
      await beginWith(files);
      return;
    }
    setSending((count) => count + files.length);
    for (const file of files) {
      try {
        const address = await addPicture(file);
        field.current?.insert(`![${nameOfPicture(file)}](${address})`);
      } catch (cause) {
        const detail = cause instanceof ApiError ? (cause.errors[0]?.message ?? cause.detail) : '';
        setProblem(w('writing.noPicture', { name: file.name, detail }));
      } finally {
        setSending((count) => count - 1);
      }
    }
  };
  return (
    <fieldset className="writing" disabled={fixed}>
      <Field label={w('writing.title')} fault={faultOf('title')}>
        {(wiring) => <input {...wiring} className="input writing__title" lang={language} dir="auto" maxLength={LONGEST_TITLE} autoComplete="off" placeholder={w('writing.titleHint')} value={words.title} onChange={({ target }) => onChange({ title: target.value })} />}
      </Field>
      <Field label={w('writing.summary')} hint={w('writing.summaryHint')} fault={faultOf('summary')}>
        {(wiring) => <input {...wiring} className="input" lang={language} dir="auto" maxLength={LONGEST_SUMMARY} autoComplete="off" value={words.summary} onChange={({ target }) => onChange({ summary: target.value })} />}
      </Field>
      <Field label={w('writing.body')} hint={w(guide ? 'writing.guideHint' : 'writing.bodyHint')} fault={faultOf('body')}>
        {({ id, 'aria-invalid': invalid, 'aria-describedby': describedBy }) => (
          <MarkdownField id={id} handle={field} value={words.body} language={language} most={LONGEST_BODY} invalid={invalid} describedBy={describedBy} onChange={(body) => onChange({ body })} onPictures={(files) => void addAll(files)} />
        )}
      </Field>
      {sending > 0 && (
        <p className="field__hint" role="status">
          {w('writing.sending', { count: sending })}
        </p>
      )}
      {problem !== null && (
        <p className="field__fault" role="alert">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
