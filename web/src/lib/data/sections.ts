// Sections by name, each after the one that it stands in.
import { useSections, type Section } from '@/lib/data/knowledge';
import { useLanguage } from '@/lib/i18n/use-t';

interface SectionName {
  value: string;
  name: string;
}

export const nameOfSection = ({ id, names }: Section, language: string): string => [names[language], names['en'], ...Object.values(names)].find((name) => (name ?? '') !== '') ?? id;

/** Sections in the order of the help centre: those of one stand below it. */
export function ordered(sections: readonly Section[]): Section[] {
  const sorted = sections.toSorted((one, other) => (one.order ?? 0) - (other.order ?? 0) || (one.id < other.id ? -1 : 1));
  const below = (parent: string | null): Section[] => sorted.filter((one) => (one.parent ?? null) === parent);
  return below(null).flatMap((one) => [one, ...below(one.id)]);
}

export function useSectionNames(): SectionName[] {
  const language = useLanguage();
  const { data: sections = [] } = useSections();
  return ordered(sections).map((one) => ({ value: one.id, name: `${(one.parent ?? null) === null ? '' : '– '}${nameOfSection(one, language)}` }));
}
