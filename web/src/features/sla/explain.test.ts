// What a policy says names what it means, and never shows an id where there is a name.
import { describe, expect, it } from 'vitest';
import { explain, levelSentence, valueName, type Telling } from './explain';

const telling: Pick<Telling, 'organizations' | 'plans'> = { organizations: { org_1: 'Hana Trading' }, plans: { gold: '골드' } };

describe('what a condition of a policy is called', () => {
  it('is the name of its organization or plan, and its id only where nobody knows a name', () => {
    const name = (kind: 'organizations' | 'plans', id: string): string => valueName(kind, id, telling as Telling);
    expect(name('organizations', 'org_1')).toBe('Hana Trading');
    expect(name('plans', 'gold')).toBe('골드');
    expect(name('organizations', 'org_2')).toBe('org_2');
  });

  it('calls the destinations of an escalation by name', () => {
    const w = (_: string, said: Record<string, string> = {}): string => Object.values(said).join(' ');
    const told = { ...telling, w, t: w, language: 'en-US', webhooks: { hook_1: 'Status page' } } as unknown as Telling;
    const level = { id: 'one', timing: 'percent', amount: 100, webhooks: ['hook_1', 'hook_2'] } as const;
    expect(levelSentence({ ...level, webhooks: [...level.webhooks] }, told)).toContain('Status page and hook_2');
    expect(levelSentence({ ...level, webhooks: [null, null] }, { ...told, w: ((key: string, said: Record<string, string> = {}) => Object.values(said).join(' ') || key) as Telling['w'] })).toContain('explain.someWebhook');
  });

  it('calls the chosen value of a field by name, and says the calendar once', () => {
    const w = (key: string, said: Record<string, string> = {}): string => [key, ...Object.values(said)].join(' ');
    const names = { group: () => null, agent: () => null, category: () => null };
    const told = { ...telling, w, t: w, names, language: 'en', calendars: [{ id: 'c', name: 'Seoul office' }], webhooks: {}, fields: { size: 'Size' }, fieldValues: { size: { l: 'Large' } } } as unknown as Telling;
    const hour = { metric: 'first_response', seconds: 3600 } as const;
    const targets = { urgent: [hour, { ...hour, metric: 'resolution' as const, business: false }], high: [hour], normal: [], low: [] };
    const lines = explain({ name: 'One', calendar_id: 'c', targets, conditions: { fields: { size: ['l', 'xl'] } } }, told);
    expect(lines[0]).toContain('Large or xl');
    expect(lines.filter((line) => line.includes('Seoul office'))).toEqual(['explain.counted Seoul office']);
    expect(lines[1]).toContain('explain.targetAnyTime');
  });
});
