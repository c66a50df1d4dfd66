// Senders whose mail is held back unseen.
import type { Form } from './form';
import { Text } from './inputs';
import type { Kind } from './kind';
import { useTelling } from './use-telling';
import { done, unwrap } from '@/lib/api/client';
import type { BlockedSender } from '@/lib/api/settings';
import { moment } from '@/lib/time/format';

interface Draft {
  pattern: string;
}

export const BLOCKED: Kind<BlockedSender, Draft> = {
  name: 'blocked',
  part: null,
  needs: 'supervise',
  items: async (api) => (await unwrap(api.GET('/v1/blocked-senders'))).items,
  save: (api, _id, body) => unwrap(api.POST('/v1/blocked-senders', { body })),
  remove: (api, id) => done(api.DELETE('/v1/blocked-senders/{id}', { params: { path: { id } } })),
  ownId: false,
  fresh: () => ({ pattern: '' }),
  draftOf: ({ pattern }) => ({ pattern }),
  versionOf: () => null,
  nameOf: ({ pattern }) => pattern,
  title: ({ pattern }) => pattern,
  facts: (one, { language, names }) => [names.agent(one.blocked_by), moment(one.at, language)],
  fixed: () => true,
  Form: BlockedForm,
};

function BlockedForm({ form }: { form: Form<Draft> }) {
  const { w } = useTelling();
  return <Text of={form.bind('pattern')} label={w('form.blocked')} hint={w('form.blockedHint')} most={254} required code />;
}
