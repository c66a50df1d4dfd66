// What a policy says names what it means, and never shows an id where there is a name.
import { describe, expect, it } from 'vitest';
import { levelSentence, valueName, type Telling } from './explain';

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
  });
});
