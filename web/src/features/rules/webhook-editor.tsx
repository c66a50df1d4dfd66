// A destination outside: its address and what is sent; beside it the secret, a test, and what became of calls.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { bodyOf, draftOf, EMPTY, type Draft, type Header } from './webhook-draft';
import { DeliveryList } from './delivery-list';
import { Health } from './webhook-list';
import { useWords } from './words';
import { Field } from '@/components/form';
import { IconClose } from '@/components/icons';
import { Remove } from '@/components/remove';
import { ApiError } from '@/lib/api/problem';
import type { Webhook } from '@/lib/api/types';
import { useRemoveWebhook, useSaveWebhook, useSecret, useTestWebhook, useWebhooks } from '@/lib/data/webhooks';
import { useFaults } from '@/lib/faults';
import { idFor } from '@/lib/ids';
import { toast } from '@/lib/toasts';

/** A new webhook, or the one that the address names. */
export function WebhookEditor() {
  const { id } = useParams();
  const { data: webhooks } = useWebhooks();
  if (!webhooks) return <div aria-busy="true" />;
  const webhook = webhooks.find((one) => one.id === id) ?? null;
  return <Editor key={id ?? 'new'} webhook={webhook} taken={webhooks.map((one) => one.id)} />;
}

const detailOf = (error: unknown): string => (error instanceof ApiError ? error.detail : '');

function Editor({ webhook, taken }: { webhook: Webhook | null; taken: readonly string[] }) {
  const w = useWords();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(() => (webhook ? draftOf(webhook) : EMPTY));
  const { faultOf, refuse, forgive } = useFaults((detail) => w('editor.notSaved', { detail }));
  const save = useSaveWebhook();
  const remove = useRemoveWebhook();
  const id = webhook?.id ?? idFor(draft.name, [...taken, 'new'], 'webhook');
  const version = webhook?.version ?? 0;
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part });
    forgive();
  };
  const put = (): void => {
    const body = bodyOf(draft);
    const onSuccess = (saved: Webhook): void => {
      toast(w('editor.saved', { name: saved.name }));
      setDraft(draftOf(saved));
      if (!webhook) void navigate(`/rules/webhooks/${saved.id}`, { replace: true });
    };
    save.mutate({ id, version, body }, { onSuccess, onError: refuse });
  };
  return (
    <div className="setup-grid">
      <form
        className="setup__form rules__form"
        onSubmit={(event) => {
          event.preventDefault();
          put();
        }}
      >
        <h1 className="setup__title">{webhook ? webhook.name : w('webhook.new')}</h1>
        {webhook?.stopped_at && <p className="webhook__stopped">{w('webhook.stoppedText')}</p>}
        <Field label={w('editor.name')} fault={faultOf('/name')}>
          {(wiring) => <input {...wiring} className="input" required maxLength={100} value={draft.name} onChange={({ target }) => change({ name: target.value })} />}
        </Field>
        <Field label={w('webhook.url')} hint={w('webhook.urlHint')} fault={faultOf('/url')}>
          {(wiring) => <input {...wiring} className="input" type="url" required maxLength={2000} value={draft.url} onChange={({ target }) => change({ url: target.value })} />}
        </Field>
        <Headers headers={draft.headers} fault={faultOf('/headers')} onChange={(headers) => change({ headers })} />
        <Field label={w('webhook.template')} hint={w('webhook.templateHint')} fault={faultOf('/template')}>
          {(wiring) => (
            <textarea {...wiring} className="input webhook__code" rows={6} spellCheck={false} placeholder={'{"text": "#{{ticket.number}} {{ticket.subject}}"}'} value={draft.template} onChange={({ target }) => change({ template: target.value })} />
          )}
        </Field>
        <Field label={w('webhook.description')}>{(wiring) => <input {...wiring} className="input" maxLength={1000} value={draft.description} onChange={({ target }) => change({ description: target.value })} />}</Field>
        <label className="choice">
          <input type="checkbox" checked={draft.active} onChange={({ target }) => change({ active: target.checked })} />
          {w('editor.enabled')}
        </label>
        <div className="setup__acts">
          <Button type="submit" loading={save.isPending}>
            {w('editor.save')}
          </Button>
          <Button variant="default" onClick={() => void navigate('/rules/webhooks')}>
            {w('editor.cancel')}
          </Button>
          {webhook && (
            <Remove
              name={webhook.name}
              text={w('webhook.removeText')}
              busy={remove.isPending}
              onRemove={() => remove.mutate({ id, version }, { onSuccess: () => void navigate('/rules/webhooks'), onError: (error) => toast(w('webhook.notRemoved', { detail: detailOf(error) }), null, 'problem') })}
            />
          )}
        </div>
      </form>
      <aside className="setup__side">
        {webhook ? (
          <>
            <Secret id={webhook.id} />
            <Calls webhook={webhook} />
          </>
        ) : (
          <p className="setup__text">{w('webhook.afterSaving')}</p>
        )}
      </aside>
    </div>
  );
}

interface HeadersProps {
  headers: readonly Header[];
  fault: string | undefined;
  onChange: (headers: readonly Header[]) => void;
}

function Headers({ headers, fault, onChange }: HeadersProps) {
  const w = useWords();
  const set = (index: number, part: Partial<Header>): void => onChange(headers.map((one, at) => (at === index ? { ...one, ...part } : one)));
  return (
    <fieldset className="choices">
      <legend className="field__label">{w('webhook.headers')}</legend>
      <div className="webhook__headers">
        {headers.map((header, index) => (
          <div key={index} className="webhook__header">
            <input className="input" aria-label={w('webhook.headerName')} placeholder="Authorization" value={header.name} readOnly={header.kept} onChange={({ target }) => set(index, { name: target.value })} />
            <input className="input" type="password" autoComplete="off" aria-label={w('webhook.headerValue')} placeholder={header.kept ? w('webhook.headerKept') : ''} value={header.value} onChange={({ target }) => set(index, { value: target.value })} />
            <button type="button" className="icon-button" aria-label={w('webhook.headerRemove')} title={w('webhook.headerRemove')} onClick={() => onChange(headers.filter((_, at) => at !== index))}>
              <IconClose size={16} stroke={1.6} />
            </button>
          </div>
        ))}
        <Button variant="default" size="xs" className="webhook__more" onClick={() => onChange([...headers, { name: '', value: '', kept: false }])}>
          {w('webhook.headerAdd')}
        </Button>
      </div>
      {fault !== undefined ? (
        <span className="field__fault" role="alert">
          {fault}
        </span>
      ) : (
        <span className="field__hint">{w('webhook.headersHint')}</span>
      )}
    </fieldset>
  );
}

function Secret({ id }: { id: string }) {
  const w = useWords();
  const secret = useSecret(id);
  const failed = (error: Error): void => void toast(w('editor.notSaved', { detail: detailOf(error) }), null, 'problem');
  return (
    <section aria-label={w('webhook.secret')}>
      <h2 className="setup__part">{w('webhook.secret')}</h2>
      <p className="setup__text">{w('webhook.secretText')}</p>
      {secret.data !== undefined && (
        <p className="webhook__secret" role="status">
          <code>{secret.data}</code>
        </p>
      )}
      <div className="webhook__acts">
        <Button variant="default" loading={secret.isPending} onClick={() => secret.mutate(false, { onError: failed })}>
          {w('webhook.secretShow')}
        </Button>
        {secret.data !== undefined && (
          <Button variant="default" onClick={() => secret.mutate(true, { onError: failed, onSuccess: () => toast(w('webhook.secretRotated')) })}>
            {w('webhook.secretRotate')}
          </Button>
        )}
      </div>
    </section>
  );
}

function Calls({ webhook }: { webhook: Webhook }) {
  const w = useWords();
  const test = useTestWebhook(webhook.id);
  return (
    <section aria-label={w('webhook.calls')}>
      <h2 className="setup__part">{w('webhook.calls')}</h2>
      <p className="setup__text">
        <Health webhook={webhook} />
      </p>
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate(undefined, { onError: (error) => toast(w('editor.notSaved', { detail: detailOf(error) }), null, 'problem') })}>
        {w('webhook.test')}
      </Button>
      <DeliveryList webhook={webhook.id} />
    </section>
  );
}
