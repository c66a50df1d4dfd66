// Drafting: what is typed becomes what is sent, faults stand where they are made, and a live policy survives being opened.
import { describe, expect, test } from 'vitest';
import { check, draftOf, emptyDraft, fieldOf, sentOf, targetField, type Draft } from './draft';
import { parseLength, showLength } from './lengths';
import type { SlaPolicy } from '@/lib/api/types';

const typed = (metric: string, priority: 'urgent' | 'normal', length: string): Draft => {
  const draft = emptyDraft('seoul');
  return { ...draft, name: 'Urgent', rows: draft.rows.map((row) => (row.metric === metric ? { ...row, lengths: { ...row.lengths, [priority]: length } } : row)) };
};

describe('lengths', () => {
  test.each([
    ['30m', 1800],
    ['30', 1800],
    ['1h 30m', 5400],
    ['1.5h', 5400],
    ['1시간 30분', 5400],
    ['2時間', 7200],
    ['2d', 172_800],
    ['45s', 45],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseLength(text)).toBe(seconds);
  });

  test.each(['', 'soon', '0m', '3 parsecs', '-5m', '1h half'])('"%s" is none', (text) => {
    expect(parseLength(text)).toBeNull();
  });

  test.each(['en', 'ko', 'ja'] as const)('what is shown in %s can be typed again', (language) => {
    for (const seconds of [1, 59, 60, 1800, 5400, 86_400, 90_061]) {
      expect(parseLength(showLength(seconds, language))).toBe(seconds);
      expect(parseLength(showLength(seconds, language, false))).toBe(seconds);
    }
  });
});

describe('a draft', () => {
  test('promises only what was typed', () => {
    const { body, faults } = check(typed('first_response', 'urgent', '30m'));
    expect(faults.size).toBe(0);
    expect(body.targets).toEqual({ urgent: [{ metric: 'first_response', seconds: 1800, business: true }] });
  });

  test('says beside the field what is no length', () => {
    const draft = typed('resolution', 'normal', 'soon');
    const row = draft.rows.find(({ metric }) => metric === 'resolution');
    expect(row && check(draft).faults.get(targetField(row, 'normal'))).toEqual({ code: 'length' });
  });

  test('needs a name, something promised, and something to do at each level', () => {
    const empty = emptyDraft('seoul');
    expect(check(empty).faults.get('name')).toEqual({ code: 'required' });
    expect(check({ ...empty, name: 'x' }).faults.get('targets')).toEqual({ code: 'noTarget' });
    const idle = { id: 'level-1', timing: 'percent', amount: '0', metrics: [], notify: [], assignee: null, group: null, priority: null, tags: ' , ', webhooks: [] } as const;
    const { faults } = check({ ...typed('first_response', 'urgent', '1h'), levels: [idle] });
    expect([...faults]).toEqual([
      ['levels.0.amount', { code: 'levelPercent' }],
      ['levels.0', { code: 'nothing' }],
    ]);
  });

  test('finds the field that the API means', () => {
    const { places } = check({ ...typed('first_response', 'urgent', '30m'), levels: [] });
    expect(fieldOf('/targets/urgent/0/group', places)).toBe('targets.first_response..urgent');
    expect(fieldOf('/calendar_id', places)).toBe('calendarId');
    expect(fieldOf('/elsewhere', places)).toBe('');
  });

  test('of a live policy sends that policy', () => {
    const policy = {
      id: 'p', version: 3, place: 2, name: 'P', calendar_id: 'seoul', warn_percent: 50, pause_on: ['pending'], words: [],
      targets: { urgent: [{ metric: 'first_response', seconds: 5430, business: false }, { metric: 'handoff', seconds: 60, business: true, group: 'support' }] },
      conditions: { priorities: ['urgent'], fields: { model: ['x'] } },
      group_calendars: { support: 'tokyo' }, organization_calendars: {},
      escalations: [{ id: 'e', timing: 'before', amount: 600, metrics: ['handoff'], notify: ['group'], tags: ['late'] }],
    } as unknown as SlaPolicy;
    const { body } = check(draftOf(policy, 'ko'));
    const live = sentOf(policy);
    expect(body.targets).toEqual(live.targets);
    expect(body.escalations).toEqual(live.escalations);
    expect({ ...body, targets: {}, escalations: [], conditions: {} }).toEqual({ ...live, targets: {}, escalations: [], conditions: {} });
    expect(body.conditions).toMatchObject({ priorities: ['urgent'], fields: { model: ['x'] }, groups: [] });
  });
});
