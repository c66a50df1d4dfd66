// What differs between two versions of something, a line for each property.
import { propertyName, valueName } from './audit-words';
import { useTelling } from './use-telling';
import type { Telling } from './kind';

type Values = Readonly<Record<string, unknown>> | null;

const LONGEST = 300;

/** A value as a short text: lists with commas, what is in several languages by language, what else has parts as it is kept. */
function shown(name: string, value: unknown, telling: Telling): string {
  if (value === null || value === undefined || value === '') return '–';
  if (typeof value === 'boolean') return telling.w(value ? 'audit.yes' : 'audit.no');
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.map((one) => (name === 'changed' ? propertyName(String(one), telling) : valueName(name, String(one), telling))).join(', ') || '–';
  if (isTexts(value)) return Object.entries(value).map(([key, one]) => `${key}: ${one}`).join(' · ') || '–';
  const text = typeof value === 'string' ? valueName(name, value, telling) : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const isTexts = (value: unknown): value is Record<string, string> => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((one) => typeof one === 'string');

interface Line {
  name: string;
  before: unknown;
  after: unknown;
}

function differing(before: Values, after: Values): Line[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }))
    .filter((line) => JSON.stringify(line.before ?? null) !== JSON.stringify(line.after ?? null));
}

export function Difference({ before, after }: { before: Values; after: Values }) {
  const telling = useTelling();
  const { w } = telling;
  const lines = differing(before, after);
  if (lines.length === 0) return <p className="field__hint">{w('versions.same')}</p>;
  return (
    <dl className="difference">
      {lines.map((line) => (
        <div key={line.name} className="difference__line">
          <dt>{propertyName(line.name, telling)}</dt>
          <dd>
            {before !== null && <del>{shown(line.name, line.before, telling)}</del>}
            {after !== null && <ins>{shown(line.name, line.after, telling)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
