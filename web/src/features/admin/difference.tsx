// What differs between two versions of something, a line for each property.
import { useWords } from './words';

export type Values = Readonly<Record<string, unknown>> | null;

const LONGEST = 300;

/** A value as a short text: lists with commas, what has parts as it is kept. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ') || '–';
  const text = typeof value === 'object' ? JSON.stringify(value) : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

interface Line {
  name: string;
  before: unknown;
  after: unknown;
}

export function differing(before: Values, after: Values): Line[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }))
    .filter((line) => JSON.stringify(line.before ?? null) !== JSON.stringify(line.after ?? null));
}

export function Difference({ before, after }: { before: Values; after: Values }) {
  const w = useWords();
  const lines = differing(before, after);
  if (lines.length === 0) return <p className="field__hint">{w('versions.same')}</p>;
  return (
    <dl className="difference">
      {lines.map((line) => (
        <div key={line.name} className="difference__line">
          <dt>{line.name}</dt>
          <dd>
            {before !== null && <del>{shown(line.before)}</del>}
            {after !== null && <ins>{shown(line.after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
