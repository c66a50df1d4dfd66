// The words of mails: one's own in place of those that come with the desk, with a preview and a mail to try them.
import { Button, useComputedColorScheme } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useDeferredValue, useEffect } from 'react';
import type { Form } from './form';
import { Text } from './inputs';
import { seenAt, type Kind } from './kind';
import { useTelling } from './use-telling';
import { MailFrame } from '@/components/mail-frame';
import { done, unwrap, type Api } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { MailTemplate, MailTemplateRow } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { LANGUAGE_NAMES, LANGUAGES } from '@/lib/i18n/languages';
import { toast } from '@/lib/toasts';

type Item = MailTemplateRow & Partial<Pick<MailTemplate, 'words' | 'shipped' | 'placeholders' | 'filters'>> & { id: string };
interface Draft {
  subject: string;
  preview: string;
  body: string;
  of: { kind: MailTemplate['kind']; language: string; mailbox: string | null };
  placeholders: MailTemplate['placeholders'];
  shipped: MailTemplate['shipped'] | null;
}

const idOf = ({ kind, language, mailbox }: Pick<MailTemplateRow, 'kind' | 'language' | 'mailbox'>): string => [kind, language, ...(mailbox === null ? [] : [mailbox])].join('~');

/** Which template an id names. */
function paramsOf(id: string): { path: { kind: string; language: string }; query: { mailbox?: string } } {
  const [kind = '', language = '', mailbox] = id.split('~');
  return { path: { kind, language }, query: mailbox === undefined ? {} : { mailbox } };
}

const isLanguage = (code: string): code is (typeof LANGUAGES)[number] => LANGUAGES.some((one) => one === code);
const wordsOf = ({ subject, preview, body }: Draft): { subject: string; preview: string; body: string } => ({ subject, preview, body });

async function read(api: Api, id: string): Promise<Item> {
  return { ...(await unwrap(api.GET('/v1/mail-templates/{kind}/{language}', { params: paramsOf(id) }))), id };
}

export const TEMPLATES: Kind<Item, Draft> = {
  name: 'templates',
  part: 'mail_templates',
  needs: 'change_settings',
  items: async (api) => (await unwrap(api.GET('/v1/mail-templates'))).items.map((one) => ({ ...one, id: idOf(one) })),
  one: read,
  save: (api, id, draft, seen) => unwrap(api.PUT('/v1/mail-templates/{kind}/{language}', { params: { ...paramsOf(id ?? ''), ...seenAt(seen) }, body: wordsOf(draft) })),
  remove: (api, id, seen) => done(api.DELETE('/v1/mail-templates/{kind}/{language}', { params: { ...paramsOf(id), ...seenAt(seen) } })),
  ownId: true,
  fresh: null,
  draftOf: ({ words, shipped, placeholders, kind, language, mailbox }) => ({ subject: words?.subject ?? '', preview: words?.preview ?? '', body: words?.body ?? '', of: { kind, language, mailbox }, placeholders: placeholders ?? [], shipped: shipped ?? null }),
  versionOf: ({ version }) => version,
  nameOf: () => '',
  title: ({ kind, language }, { w }) => `${w(`letters.${kind}`)} · ${isLanguage(language) ? LANGUAGE_NAMES[language] : language}`,
  facts: (one, { w }) => [one.mailbox, one.overridden ? w('form.ownWords') : w('form.shippedWords'), one.faults.length > 0 ? w('form.faulty') : null],
  stays: ({ overridden }) => !overridden,
  Form: TemplateForm,
  Beside: TemplatePreview,
};

function TemplateForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { shipped, placeholders } = form.draft;
  return (
    <>
      <p className="setup__text">{w('form.templateText')}</p>
      <Text of={form.bind('subject')} label={w('form.subject')} hint={w('form.subjectHint')} most={500} />
      <Text of={form.bind('preview')} label={w('form.previewLine')} hint={w('form.previewLineHint')} most={1000} />
      <Text of={form.bind('body')} label={w('form.body')} lines={16} most={20_000} code required />
      <details className="versions">
        <summary>{w('form.placeholders')}</summary>
        <dl className="placeholders">
          {placeholders.map(({ name, meaning, required }) => (
            <div key={name}>
              <dt>
                <code>{`{{ ${name} }}`}</code>
              </dt>
              <dd>{required ? `${meaning} (${w('form.required')})` : meaning}</dd>
            </div>
          ))}
        </dl>
      </details>
      {shipped && (
        <p>
          <button type="button" className="link" onClick={() => form.change(shipped)}>
            {w('form.useShipped')}
          </button>
        </p>
      )}
    </>
  );
}

/** What the words give for a sample ticket; asked for again while they are written. */
function TemplatePreview({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const { of } = form.draft;
  const dark = useComputedColorScheme() === 'dark';
  const params = paramsOf(idOf(of));
  const words = useDeferredValue(JSON.stringify(wordsOf(form.draft)));
  const preview = useMutation({ mutationFn: (body: string) => unwrap(api.POST('/v1/mail-templates/{kind}/{language}/preview', { params, body: JSON.parse(body) as ReturnType<typeof wordsOf> })) });
  const test = useMutation({
    mutationFn: () => unwrap(api.POST('/v1/mail-templates/{kind}/{language}/test', { params, body: wordsOf(form.draft) })),
    onSuccess: ({ to }) => toast(w('preview.sent', { to })),
    onError: (error) => toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem'),
  });
  const { mutate } = preview;
  useEffect(() => {
    const soon = setTimeout(() => mutate(words), 500);
    return () => clearTimeout(soon);
  }, [words, mutate]);
  const error = preview.error instanceof ApiError ? preview.error : null;
  return (
    <section aria-label={w('preview.title')}>
      <h2 className="setup__part">{w('preview.title')}</h2>
      <p className="setup__text">{w('preview.mail')}</p>
      {error && <p className="field__fault">{error.errors.map(({ pointer, message }) => `${pointer.slice(1)}: ${message}`).join('\n') || error.detail}</p>}
      {preview.data && (
        <div className="sample sample--letter">
          <strong>{preview.data.subject}</strong>
          <MailFrame html={preview.data.html} title={w('preview.title')} dark={dark} />
        </div>
      )}
      <div className="setup__acts">
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {w('preview.send')}
        </Button>
      </div>
    </section>
  );
}
