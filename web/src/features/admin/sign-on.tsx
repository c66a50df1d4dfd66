// An organization's own sign-in: what its provider and the desk have to know of each other, tried out before anybody needs it.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { formOf } from './form';
import { Part, Some, Text, Toggle } from './inputs';
import { seenAt } from './kind';
import { useTelling } from './use-telling';
import { Dialog } from '@/components/dialog';
import { Remove } from '@/components/remove';
import { done, unwrap } from '@/lib/api/client';
import { ApiError, type FieldProblem } from '@/lib/api/problem';
import type { FullOrganization, SignOn, SignOnDraft, SignOnFault } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

const NOTHING_SAID: readonly FieldProblem[] = [];

/** How people of an organization sign in, in one line, with the way to change it. */
export function SignOnPart({ organization }: { organization: FullOrganization }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const [open, setOpen] = useState(false);
  const { id } = organization;
  const { data } = useQuery({ queryKey: ['organizations', id, 'sign-on'], queryFn: () => unwrap(api.GET('/v1/organizations/{id}/single-sign-on', { params: { path: { id } } })) });
  if (!data) return null;
  const state = data.version === 0 ? 'none' : !data.active ? 'off' : data.required ? 'required' : 'on';
  return (
    <Part title={w('signOn.title')} text={w(`signOn.state.${state}`, { domains: data.domains.join(', ') })}>
      {organization.domains.length === 0 ? (
        <p className="setup__text">{w('signOn.noDomains')}</p>
      ) : (
        <div>
          <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
            {w(data.version === 0 ? 'signOn.begin' : 'signOn.change')}
          </Button>
        </div>
      )}
      {open && <SignOnDialog organization={organization} found={data} onClose={() => setOpen(false)} />}
    </Part>
  );
}

type Filled = Required<SignOnDraft> & { client_secret: string };

const sent = (draft: Filled): SignOnDraft => ({ ...draft, client_secret: draft.client_secret.trim() === '' ? null : draft.client_secret });

interface DialogProps {
  organization: FullOrganization;
  found: SignOn;
  onClose: () => void;
}

function SignOnDialog({ organization, found, onClose }: DialogProps) {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const path = { id: organization.id };
  const { issuer, client_id, active, required, trusts_addresses, domains } = found;
  const fresh = found.version === 0;
  const [draft, setDraft] = useState<Filled>({ issuer, client_id, client_secret: '', active: fresh || active, required, trusts_addresses, domains: fresh ? organization.domains : domains });
  const kept = found.has_secret && draft.issuer.trim() === issuer; // another provider is never told this one's secret
  const [problems, setProblems] = useState(NOTHING_SAID);
  const [tried, setTried] = useState<{ fault: SignOnFault | null } | null>(null);
  const form = formOf({ draft, id: organization.id, isNew: fresh, fixed: false }, problems, (part) => {
    setDraft({ ...draft, ...part });
    setProblems(NOTHING_SAID);
    setTried(null);
  });
  const refused = (error: Error): void => {
    setProblems(error instanceof ApiError ? error.errors : NOTHING_SAID);
    if (!(error instanceof ApiError) || error.errors.length === 0) toast(w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
  };
  const settled = (text: string): void => {
    toast(text);
    void client.invalidateQueries({ queryKey: ['organizations', organization.id, 'sign-on'] });
    onClose();
  };
  const params = { path, ...seenAt(found.version) };
  const attempt = useMutation({
    mutationFn: () => unwrap(api.POST('/v1/organizations/{id}/single-sign-on/check', { params: { path }, body: sent(draft) })),
    onSuccess: ({ fault }) => setTried({ fault: fault ?? null }),
    onError: refused,
  });
  const save = useMutation({
    mutationFn: () => unwrap(api.PUT('/v1/organizations/{id}/single-sign-on', { params, body: sent(draft) })),
    onSuccess: () => settled(w('signOn.saved')),
    onError: refused,
  });
  const remove = useMutation({
    mutationFn: () => done(api.DELETE('/v1/organizations/{id}/single-sign-on', { params })),
    onSuccess: () => settled(w('signOn.removed')),
    onError: refused,
  });
  return (
    <Dialog title={w('signOn.titleOf', { name: organization.name })} onClose={onClose} wide>
      <form
        className="admin__form"
        onSubmit={(event: SubmitEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <div className="sign-on">
          <Copied label={w('signOn.redirect')} hint={w('signOn.redirectHint')} values={found.redirect_addresses} />
          <Text of={form.bind('issuer')} label={w('signOn.issuer')} hint={w('signOn.issuerHint')} most={500} required code />
          <Text of={form.bind('client_id')} label={w('signOn.client')} most={300} required code />
          <Text of={form.bind('client_secret')} label={w('signOn.secret')} hint={w(kept ? 'signOn.secretKept' : 'signOn.secretHint')} most={1000} required={!kept} code />
          <Some of={form.bind('domains')} label={w('signOn.domains')} hint={w('signOn.domainsHint')} choices={organization.domains.map((domain) => ({ value: domain, name: domain }))} />
          <Toggle of={form.bind('active')} label={w('signOn.active')} hint={w('signOn.activeHint')} />
          {draft.active && <Toggle of={form.bind('required')} label={w('signOn.required')} hint={w('signOn.requiredHint')} />}
          <Toggle of={form.bind('trusts_addresses')} label={w('signOn.trusts')} hint={w('signOn.trustsHint')} />
        </div>
        {tried && (
          <p className="admin__notice" role="status">
            {w(tried.fault === null ? 'signOn.works' : `signOn.fault.${tried.fault}`)}
          </p>
        )}
        <div className="setup__acts">
          {!fresh && (
            <Remove name={w('signOn.title')} text={w('signOn.removeText')} busy={remove.isPending} onRemove={() => remove.mutate()} />
          )}
          <Button variant="default" loading={attempt.isPending} onClick={() => attempt.mutate()}>
            {w('signOn.try')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {w('editor.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What is to be written elsewhere, to the letter. */
function Copied({ label, hint, values }: { label: string; hint: string; values: readonly string[] }) {
  const { w } = useTelling();
  const copy = async (value: string): Promise<void> => {
    await navigator.clipboard.writeText(value);
    toast(w('signOn.copied'));
  };
  return (
    <div className="field">
      <span className="field__label">{label}</span>
      {values.map((value) => (
        <span key={value} className="copied">
          <code className="copied__value">{value}</code>
          <Button variant="default" size="compact-xs" onClick={() => void copy(value)} aria-label={w('signOn.copyOf', { value })}>
            {w('signOn.copy')}
          </Button>
        </span>
      ))}
      <span className="field__hint">{hint}</span>
    </div>
  );
}
