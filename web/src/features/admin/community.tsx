// The community: whether there is one, who reads it, what waits for a moderator, and what becomes a ticket.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { giveUp, keep, useKept } from './drafts';
import { formOf } from './form';
import { Amount, Part, Pick, Side, Text, Toggle } from './inputs';
import { seenAt } from './kind';
import { Failed } from './setting';
import { useTelling } from './use-telling';
import { Versions } from './versions';
import { answered, unwrap } from '@/lib/api/client';
import { ApiError, type FieldProblem } from '@/lib/api/problem';
import type { CommunitySettings } from '@/lib/api/settings';
import { useDesk } from '@/lib/data/context';
import { toast } from '@/lib/toasts';

const PLACE = '/admin/community/desk';

interface Seen {
  set: CommunitySettings;
  version: number;
}

export function Community() {
  const { w } = useTelling();
  const { api } = useDesk();
  const client = useQueryClient();
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const { data: calendars = [] } = useQuery({ queryKey: ['settings', 'calendars', 'named'], queryFn: async () => (await unwrap(api.GET('/v1/calendars'))).items });
  const { data: categories = [] } = useQuery({ queryKey: ['settings', 'categories', 'named'], queryFn: async () => (await unwrap(api.GET('/v1/settings/categories'))).items });
  const { data, isError, refetch } = useQuery({
    queryKey: ['settings', 'community'],
    queryFn: async (): Promise<Seen> => {
      const { data: set, response } = await answered(api.GET('/v1/settings/community'));
      return { set, version: Number(response.headers.get('etag')?.replaceAll(/\D/g, '') ?? 0) };
    },
  });
  const kept = useKept<CommunitySettings>(PLACE);
  const save = useMutation({
    mutationFn: ({ set, version }: Seen) => unwrap(api.PUT('/v1/settings/community', { params: seenAt(version), body: set })),
    onSuccess: async () => {
      giveUp(PLACE);
      setProblems([]);
      await client.invalidateQueries({ queryKey: ['settings'] });
      toast(w('editor.saved', { name: w('pages.community.title') }));
    },
    onError: (error) => {
      setProblems(error instanceof ApiError ? error.errors : []);
      toast(error instanceof ApiError && error.code === 'stale_version' ? w('editor.stale') : w('editor.notSaved', { detail: error instanceof ApiError ? error.detail : '' }), null, 'problem');
    },
  });
  if (!data) return isError ? <Failed again={() => void refetch()} /> : <div aria-busy="true" />;
  const draft = kept?.draft ?? data.set;
  const form = formOf({ draft, id: 'desk', isNew: false, fixed: false }, problems, (part) => {
    const next = { ...draft, ...part };
    if (JSON.stringify(next) === JSON.stringify(data.set)) giveUp(PLACE);
    else keep(PLACE, { draft: next, id: null, seen: kept?.seen ?? data.version });
  });
  const words = form.bind('held_words');
  const calendar = form.bind('ticket_calendar');
  const category = form.bind('ticket_category');
  return (
    <form
      className="setup-single"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ set: { ...draft, held_words: draft.held_words.map((word) => word.trim()).filter((word) => word !== '') }, version: kept?.seen ?? data.version });
      }}
    >
      <h1 className="setup__title">{w('pages.community.title')}</h1>
      <p className="setup__text">{w('pages.community.text')}</p>
      <Part title={w('community.there')} text={w('community.thereText')}>
        <Toggle of={form.bind('enabled')} label={w('community.enabled')} />
        <Toggle of={form.bind('signed_in_only')} label={w('community.members')} hint={w('community.membersHint')} />
      </Part>
      <Part title={w('community.waits')} text={w('community.waitsText')}>
        <Side>
          <Amount of={form.bind('hold_first_posts')} label={w('community.first')} hint={w('community.firstHint')} empty={0} min={0} max={100} />
          <Amount of={form.bind('reports_hide')} label={w('community.reports')} hint={w('community.reportsHint')} empty={0} min={0} max={100} />
        </Side>
        <Text of={{ ...words, value: words.value.join('\n'), set: (value) => words.set(value.split('\n')) }} label={w('community.words')} hint={w('community.wordsHint')} lines={4} />
      </Part>
      <Part title={w('community.tickets')} text={w('community.ticketsText')}>
        <Side>
          <Amount of={form.bind('ticket_after_hours')} label={w('community.hours')} hint={w('community.hoursHint')} empty={0} min={0} />
          <Pick
            of={{ ...calendar, value: calendar.value ?? '', set: (value) => calendar.set(value === '' ? null : value) }}
            label={w('community.calendar')}
            choices={[{ value: '', name: w('community.always') }, ...calendars.map(({ id, name }) => ({ value: id, name }))]}
          />
          <Pick
            of={{ ...category, value: category.value ?? '', set: (value) => category.set(value === '' ? null : value) }}
            label={w('community.category')}
            choices={[{ value: '', name: w('community.none') }, ...categories.map(({ id, names }) => ({ value: id, name: names['en'] ?? id }))]}
          />
        </Side>
      </Part>
      <div className="setup__acts">
        <Button type="submit" disabled={kept === undefined} loading={save.isPending}>
          {w('editor.save')}
        </Button>
        {kept !== undefined && (
          <Button
            variant="default"
            onClick={() => {
              giveUp(PLACE);
              setProblems([]);
            }}
          >
            {w('editor.discard')}
          </Button>
        )}
      </div>
      <Versions part="general" id="desk" version={data.version} onRestored={() => giveUp(PLACE)} />
    </form>
  );
}
