// "How can we help?": one form, no account, nothing typed is lost.
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { Category, FormElement, RequestOpened } from '@/lib/api/types';
import { forget, readJson, writeJson } from '@/lib/storage';
import { Field } from './field';
import { FileField, pasting, useFiles } from './files';
import { FormFields } from './form-fields';
import { usePortal } from './context';
import { EMPTY, check, draftOf, fieldOf, ownFieldOf, type Draft, type FieldName, type Trouble } from './request-draft';
import { sendingProblem } from './problems';
import { SentPage } from './sent-page';
import { filledIn, missingOf } from './shown';
import { Suggestions, SuggestionsBelow, useSuggestions } from './suggestions';

const KEPT = 'portal.draft';

function useCategories(): readonly Category[] {
  const { api, language, site } = usePortal();
  const [categories, setCategories] = useState<readonly Category[]>([]);
  useEffect(() => {
    let current = true;
    unwrap(api.GET('/v1/categories', { params: { query: { locale: language, ...(site.brand === null ? {} : { brand: site.brand }) } } })).then(
      ({ items }) => current && setCategories(items),
      // Without cards the form still works: the desk sorts requests by itself.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [api, language, site]);
  return categories;
}

/** What a category asks beside the usual; the form before stays until the next one is there. */
function useElements(category: string): readonly FormElement[] {
  const { api, language } = usePortal();
  const [elements, setElements] = useState<readonly FormElement[]>([]);
  useEffect(() => {
    let current = true;
    const query = { locale: language, ...(category === '' ? {} : { category }) };
    unwrap(api.GET('/v1/request-forms', { params: { query } })).then(
      (form) => current && setElements(form.elements),
      // The usual questions are enough to send a request; what is missing then is said at its field.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [api, category, language]);
  return elements;
}

export function FormPage() {
  const { t, language, api, visitor, site, sample = false } = usePortal();
  const categories = useCategories();
  const files = useFiles();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState<Draft>(() => draftOf(sample ? null : readJson(KEPT, 'sessionStorage')));
  const elements = useElements(draft.category);
  const found = useSuggestions(draft.subject);
  const email = draft.email === '' ? (visitor?.email ?? '') : draft.email;
  const [troubles, setTroubles] = useState<Partial<Record<FieldName, Trouble>>>({});
  const [ownTroubles, setOwnTroubles] = useState<Record<string, Trouble>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const [sent, setSent] = useState<RequestOpened | null>(null);
  // One key for one text: pressing Send again after a lost answer cannot open a second request.
  const key = useRef(crypto.randomUUID());

  const write = (change: Partial<Draft>): void => {
    const next = { ...draft, ...change };
    setDraft(next);
    if (!sample) writeJson(KEPT, next, 'sessionStorage');
    key.current = crypto.randomUUID();
    const touched = Object.keys(change);
    if (change.fields || change.category) setOwnTroubles({});
    setTroubles((all) => Object.fromEntries(Object.entries(all).filter(([name]) => !touched.includes(name))));
  };

  const send = async (): Promise<void> => {
    const { name, subject, body, category } = draft;
    const own = filledIn(elements, category, draft.fields);
    setSending(true);
    setFailure(null);
    try {
      const requester = { email: email.trim(), locale: language, ...(name.trim() === '' ? {} : { name: name.trim() }) };
      const attachments = files.ids && files.ids.length > 0 ? { attachments: [...files.ids] } : {};
      const request = { requester, subject: subject.trim(), body: body.trim(), ...(category === '' ? {} : { category }), ...(site.brand === null ? {} : { brand: site.brand }), ...(Object.keys(own).length === 0 ? {} : { fields: own }), ...attachments };
      const header = { 'Idempotency-Key': key.current, 'X-Helpdesk-Channel': 'web' };
      setSent(await unwrap(api.POST('/v1/requests', { body: request, params: { header } })));
      forget(KEPT, 'sessionStorage');
      window.scrollTo(0, 0);
    } catch (cause) {
      if (cause instanceof ApiError) {
        const own = cause.errors.flatMap(({ pointer }) => ownFieldOf(pointer) ?? []);
        const usual = cause.errors.filter(({ pointer }) => ownFieldOf(pointer) === null);
        setOwnTroubles(Object.fromEntries(own.map((id) => [id, 'field'])));
        setTroubles(Object.fromEntries(usual.map(({ pointer }) => [fieldOf(pointer) ?? 'body', fieldOf(pointer) === 'email' ? 'email' : 'field'])));
      }
      setFailure(sendingProblem(cause, t));
    } finally {
      setSending(false);
    }
  };

  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const found = check({ ...draft, email });
    const missing = missingOf(elements, draft.category, draft.fields);
    setTroubles(found);
    setOwnTroubles(Object.fromEntries(missing.map((id) => [id, 'required'])));
    if (Object.keys(found).length + missing.length === 0) {
      void send();
      return;
    }
    const wrong = new Set([...Object.keys(found), ...missing]);
    // The first as they stand on the page, whoever asks for it.
    [...(form.current?.elements ?? [])].find((one): one is HTMLInputElement => one instanceof HTMLElement && wrong.has(one.getAttribute('name') ?? ''))?.focus();
  };

  if (sent) {
    const again = (): void => {
      setSent(null);
      files.clear();
      write({ ...EMPTY, name: draft.name, email });
    };
    return <SentPage opened={sent} email={email.trim()} onAgain={again} />;
  }

  const subjectHint = (
    <>
      <span className="field__usual">{t('form.subjectHint')}</span>
      <SuggestionsBelow found={found} />
    </>
  );
  return (
    <form ref={form} className="form" noValidate onSubmit={onSubmit} {...pasting(files)}>
      <h1>{site.title ?? t('form.title')}</h1>
      <p className="lead">{site.lead ?? t('form.lead')}</p>
      {categories.length > 0 && (
        <fieldset className="cards">
          <legend>{t('form.topic')}</legend>
          {categories.map((category) => (
            <label key={category.id} className="card">
              <input type="radio" name="category" value={category.id} checked={draft.category === category.id} onChange={() => write({ category: category.id })} />
              <span className="card__name">{category.name}</span>
              {category.description && <span className="card__text">{category.description}</span>}
            </label>
          ))}
        </fieldset>
      )}
      <Field name="subject" label={t('form.subject')} hint={subjectHint} trouble={troubles.subject} value={draft.subject} onChange={(subject) => write({ subject })} />
      <Field name="body" label={t('form.body')} hint={t('form.bodyHint')} lines trouble={troubles.body} value={draft.body} onChange={(body) => write({ body })} />
      <FormFields elements={elements} category={draft.category} values={draft.fields} troubles={ownTroubles} onChange={(fields) => write({ fields })} />
      <FileField files={files} />
      <div className="pair">
        <Field name="email" type="email" autoComplete="email" label={t('form.email')} hint={t('form.emailHint')} trouble={troubles.email} value={email} onChange={(email) => write({ email })} />
        <Field name="name" autoComplete="name" label={t('form.name')} optional trouble={troubles.name} value={draft.name} onChange={(name) => write({ name })} />
      </div>
      {failure !== null && (
        <p className="failure" role="alert">
          {failure}
        </p>
      )}
      <div className="form__end">
        <button type="submit" className="button button--main" disabled={sending || files.ids === null}>
          {t(sending ? 'form.sending' : 'form.send')}
        </button>
        <p className="hint">{t('form.kept')}</p>
      </div>
      <Suggestions found={found} />
    </form>
  );
}
