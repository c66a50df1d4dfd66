// What a policy says names what it means, and never shows an id where there is a name.
import { describe, expect, it } from 'vitest';
import { valueName, type Telling } from './explain';

const telling: Pick<Telling, 'organizations' | 'plans'> = { organizations: { org_1: 'Hana Trading' }, plans: { gold: '골드' } };

describe('what a condition of a policy is called', () => {
  it('is the name of its organization or plan, and its id only where nobody knows a name', () => {
    const name = (kind: 'organizations' | 'plans', id: string): string => valueName(kind, id, telling as Telling);
    expect(name('organizations', 'org_1')).toBe('Hana Trading');
    expect(name('plans', 'gold')).toBe('골드');
    expect(name('organizations', 'org_2')).toBe('org_2');
  });
});
