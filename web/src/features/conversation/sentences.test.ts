import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { FACTS } from '@/lib/tickets/facts';
import { firstNew } from './news';
import { reasons, sentence } from '@/lib/tickets/sentences';
import { inEnglish } from '@/lib/testing/desk';
import { event, message } from '@/lib/testing/examples';

const AT = '2026-11-02T10:00:00.000Z';
const known = (name: string) => (id: string | null | undefined) => (id ? `${name} ${id}` : null);
const names = { requester: 'Ana', agent: known('Agent'), group: known('Group'), category: known('Category') };

beforeAll(inEnglish);

describe('an event', () => {
  test('reads as a sentence with names, not ids', () => {
    const assigned = event(2, 'TicketAssigned', AT, { actor: { kind: 'system', id: 'router', name: null }, data: { new_assignee: 'a', new_group: 'g' } });
    expect(sentence(assigned, i18next.t, names)).toBe('The desk assigned this to Agent a in Group g');
  });
  test('names the requester, of whom events hold only the id', () => {
    const opened = event(1, 'TicketOpened', AT, { actor: { kind: 'requester', id: 'req_1', name: null }, data: { channel: 'email' } });
    expect(sentence(opened, i18next.t, names)).toBe('Ana opened this by e-mail');
  });
  test('says why, except where the hand is named already', () => {
    const because = [{ code: 'least_busy', params: { open: 3, among: 4 } }, { code: 'by_hand', params: {} }];
    expect(reasons(event(2, 'TicketAssigned', AT, { because }))).toEqual(['least busy, 3 open']);
  });
  test('with a reason that the page does not know shows it raw instead of hiding it', () => {
    expect(reasons(event(2, 'TicketAssigned', AT, { because: [{ code: 'full_moon', params: {} }] }))).toEqual(['full moon']);
  });
  test('of a merge names the other ticket by its number, on both sides', () => {
    const merged = event(2, 'TicketMerged', AT, { data: { ticket_id: 'tic_9', number: 1042 } });
    const absorbed = event(2, 'TicketAbsorbed', AT, { data: { origin: { ticket_id: 'tic_8', number: 1041 } } });
    expect(sentence(merged, i18next.t, names)).toBe('Mina Park merged this into #1042');
    expect(sentence(absorbed, i18next.t, names)).toBe('Mina Park merged #1041 into this ticket');
  });
  test('of followers tells who follows by themselves from who was added by another', () => {
    const added = (id: string) => sentence(event(2, 'FollowersChanged', AT, { data: { added: [id] } }), i18next.t, names);
    expect(added('ag_1')).toBe('Mina Park follows this ticket');
    expect(added('ag_2')).toBe('Mina Park added Agent ag_2 as follower');
  });
  test('of a snooze without an end says what it waits for', () => {
    expect(sentence(event(2, 'TicketSnoozed', AT, { data: { by: 'ag_1' } }), i18next.t, names)).toBe('Mina Park snoozed this until the requester answers');
  });
  test('counts what it tells of', () => {
    const asked = (approvers: object[]) => sentence(event(2, 'ApprovalRequested', AT, { data: { approvers } }), i18next.t, names);
    expect(asked([{}])).toBe('Mina Park asked 1 person for approval');
    expect(asked([{}, {}])).toBe('Mina Park asked 2 people for approval');
  });
  test('holds for every fact that the page knows, even when a value is missing', () => {
    const bare = Object.keys(FACTS).map((type) => sentence(event(2, type, AT), i18next.t, names));
    expect(bare.filter((text) => text === '' || /undefined|NaN|event\./.test(text))).toEqual([]);
  });
  test('of a kind that the page does not know yet still says who', () => {
    expect(sentence(event(2, 'SomethingNew', AT), i18next.t, names)).toBe('Mina Park changed this ticket');
  });
});

describe('the line above what is new', () => {
  const letters = [message('c', '2026-11-02T12:00:00.000Z'), message('b', '2026-11-02T11:00:00.000Z'), message('a', AT)];
  test('stands above the first message after what was read', () => {
    expect(firstNew(letters, AT, 'me')).toEqual({ id: 'b', latest: '2026-11-02T12:00:00.000Z', count: 2 });
  });
  test('never stands above what I wrote myself', () => {
    const mine = message('d', '2026-11-02T13:00:00.000Z', { author: { kind: 'agent', id: 'me', name: 'Me' } });
    expect(firstNew([mine], AT, 'me')).toBeNull();
  });
  test('is absent on a ticket that was never opened before', () => {
    expect(firstNew(letters, null, 'me')).toBeNull();
  });
});
