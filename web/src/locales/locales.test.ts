// Every language says everything: same keys, same values to fill in, all plural forms that it needs.
import { describe, expect, test } from 'vitest';
import adminEn from '@/locales/admin/en.json';
import adminJa from '@/locales/admin/ja.json';
import adminKo from '@/locales/admin/ko.json';
import asideEn from '@/locales/aside/en.json';
import asideJa from '@/locales/aside/ja.json';
import asideKo from '@/locales/aside/ko.json';
import deskEn from '@/locales/desk/en.json';
import deskJa from '@/locales/desk/ja.json';
import deskKo from '@/locales/desk/ko.json';
import knowledgeEn from '@/locales/knowledge/en.json';
import knowledgeJa from '@/locales/knowledge/ja.json';
import knowledgeKo from '@/locales/knowledge/ko.json';
import portalEn from '@/locales/portal/en.json';
import portalJa from '@/locales/portal/ja.json';
import portalKo from '@/locales/portal/ko.json';
import rulesEn from '@/locales/rules/en.json';
import rulesJa from '@/locales/rules/ja.json';
import rulesKo from '@/locales/rules/ko.json';
import satisfactionEn from '@/locales/satisfaction/en.json';
import satisfactionJa from '@/locales/satisfaction/ja.json';
import satisfactionKo from '@/locales/satisfaction/ko.json';
import settingsEn from '@/locales/settings/en.json';
import settingsJa from '@/locales/settings/ja.json';
import settingsKo from '@/locales/settings/ko.json';
import slaEn from '@/locales/sla/en.json';
import slaJa from '@/locales/sla/ja.json';
import slaKo from '@/locales/sla/ko.json';
import teamEn from '@/locales/team/en.json';
import teamJa from '@/locales/team/ja.json';
import teamKo from '@/locales/team/ko.json';
import tourEn from '@/locales/tour/en.json';
import tourJa from '@/locales/tour/ja.json';
import tourKo from '@/locales/tour/ko.json';
import triageEn from '@/locales/triage/en.json';
import triageJa from '@/locales/triage/ja.json';
import triageKo from '@/locales/triage/ko.json';
import viewsEn from '@/locales/views/en.json';
import viewsJa from '@/locales/views/ja.json';
import viewsKo from '@/locales/views/ko.json';

type Flat = Map<string, string>;
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

function flatten(node: object, prefix = ''): Flat {
  const flat: Flat = new Map();
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value === 'string') flat.set(prefix + key, value);
    else for (const [inner, text] of flatten(value as object, `${prefix}${key}.`)) flat.set(inner, text);
  }
  return flat;
}

/** Keys as code uses them: a plural counts once. */
const used = (flat: Flat): string[] => [...new Set([...flat.keys()].map((key) => key.replace(PLURAL, '')))].toSorted();
const values = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').toSorted();

const cases = [
  ['admin', 'ko', adminEn, adminKo],
  ['admin', 'ja', adminEn, adminJa],
  ['aside', 'ko', asideEn, asideKo],
  ['aside', 'ja', asideEn, asideJa],
  ['desk', 'ko', deskEn, deskKo],
  ['desk', 'ja', deskEn, deskJa],
  ['knowledge', 'ko', knowledgeEn, knowledgeKo],
  ['knowledge', 'ja', knowledgeEn, knowledgeJa],
  ['portal', 'ko', portalEn, portalKo],
  ['portal', 'ja', portalEn, portalJa],
  ['rules', 'ko', rulesEn, rulesKo],
  ['rules', 'ja', rulesEn, rulesJa],
  ['satisfaction', 'ko', satisfactionEn, satisfactionKo],
  ['satisfaction', 'ja', satisfactionEn, satisfactionJa],
  ['settings', 'ko', settingsEn, settingsKo],
  ['settings', 'ja', settingsEn, settingsJa],
  ['sla', 'ko', slaEn, slaKo],
  ['sla', 'ja', slaEn, slaJa],
  ['team', 'ko', teamEn, teamKo],
  ['team', 'ja', teamEn, teamJa],
  ['tour', 'ko', tourEn, tourKo],
  ['tour', 'ja', tourEn, tourJa],
  ['triage', 'ko', triageEn, triageKo],
  ['triage', 'ja', triageEn, triageJa],
  ['views', 'ko', viewsEn, viewsKo],
  ['views', 'ja', viewsEn, viewsJa],
] as const;

describe.each(cases)('%s in %s', (_page, language, english, translated) => {
  const from = flatten(english);
  const to = flatten(translated);
  test('has every key of the English page and no other', () => {
    expect(used(to)).toEqual(used(from));
  });
  test('leaves nothing empty', () => {
    expect([...to].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
  test('fills in the same values', () => {
    const different = [...to].filter(([key, text]) => {
      const original = from.get(key) ?? from.get(key.replace(PLURAL, '_other')) ?? '';
      return values(text).join() !== values(original).join();
    });
    expect(different).toEqual([]);
  });
  test('has the plural forms of its language', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plurals = used(new Map([...from].filter(([key]) => PLURAL.test(key))));
    expect(plurals.flatMap((key) => forms.map((form) => `${key}_${form}`)).filter((key) => !to.has(key))).toEqual([]);
  });
  test('is not English left over', () => {
    const same = [...to].filter(([key, text]) => text === from.get(key) && /[a-z]{4}/.test(text.replaceAll(/\{\{\w+\}\}/g, '')));
    expect(same).toEqual([]);
  });
});
