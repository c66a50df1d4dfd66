// What one signs with: written here, shown beside as the mail will show it.
import { Button } from '@mantine/core';
import { useId } from 'react';
import { useWords } from './words';
import { Failed } from '@/components/failed';
import { Field } from '@/components/form';
import { RichText } from '@/components/rich-text';
import { ApiError } from '@/lib/api/problem';
import { useSign, useSignature } from '@/lib/data/preferences';
import { useT } from '@/lib/i18n/use-t';
import { useKeptText } from '@/lib/kept-text';
import { forget } from '@/lib/storage';
import { toast, undoing } from '@/lib/toasts';

const MOST = 2000;
const KEPT = 'desk.signature';
const PLACE = '{{agent.signature}}';

export function Signature() {
  const w = useWords();
  const id = useId();
  const { data: saved, isError, refetch } = useSignature();
  return (
    <section aria-labelledby={id}>
      <h2 className="setup__part" id={id}>
        {w('signature.title')}
      </h2>
      <p className="setup__text">{w('signature.text', { place: PLACE })}</p>
      {saved !== undefined ? <Writing saved={saved} /> : isError ? <Failed title={w('signature.failed')} again={() => void refetch()} /> : <div className="own__loading" aria-busy="true" />}
    </section>
  );
}

function Writing({ saved }: { saved: string }) {
  const t = useT();
  const w = useWords();
  const { text, set } = useKeptText(KEPT, saved);
  const settle = (kept: string): void => {
    set(kept);
    // What is saved is no draft.
    forget(KEPT);
  };
  const { sign, busy } = useSign({
    done: (kept, before) => {
      settle(kept);
      toast(w(kept === '' ? 'signature.removed' : 'signature.saved'), undoing(t('common.undo'), () => sign(before)));
    },
    failed: (wanted, error) => {
      const detail = error instanceof ApiError ? (error.offline ? t('change.offline') : error.detail) : '';
      toast(w('signature.notSaved', { detail }), { label: t('common.tryAgain'), run: () => sign(wanted) }, 'problem');
    },
  });
  const changed = text.trim() !== saved;
  return (
    <div className="signature">
      <form
        className="signature__form"
        onSubmit={(event) => {
          event.preventDefault();
          if (changed) sign(text);
        }}
      >
        <Field label={w('signature.label')} hint={w('signature.hint', { count: MOST })}>
          {(wiring) => (
            <textarea
              {...wiring}
              className="input"
              dir="auto"
              rows={5}
              maxLength={MOST}
              placeholder={w('signature.placeholder')}
              readOnly={busy}
              value={text}
              onChange={({ target }) => set(target.value)}
            />
          )}
        </Field>
        <div className="signature__acts">
          <Button type="submit" disabled={!changed} loading={busy}>
            {w('signature.save')}
          </Button>
          {changed && (
            <Button variant="default" onClick={() => settle(saved)}>
              {w('signature.discard')}
            </Button>
          )}
        </div>
      </form>
      <figure className="signature__mail">
        <figcaption className="field__label">{w('signature.preview')}</figcaption>
        <div className="signature__paper">
          <p>{w('signature.sample')}</p>
          {text.trim() === '' ? <p className="field__hint">{w('signature.none')}</p> : <RichText text={text.trim()} />}
        </div>
      </figure>
    </div>
  );
}
