// What differs between two texts, line by line: of articles, and of posts of the community.
import './compared.css';
import type { components } from '@/lib/api/schema';

type DifferenceLine = components['schemas']['DifferenceLineOut'];

interface ComparedProps {
  lines: readonly DifferenceLine[];
  /** What is said where nothing differs. */
  same: string;
  lang?: string;
}

const AROUND = 2;

/** Lines that changed with a few around them; null: lines that are left out. */
function near(lines: readonly DifferenceLine[]): (DifferenceLine | null)[] {
  const wanted = lines.map((_, at) => lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ change }) => change !== 'same'));
  return lines.flatMap((line, at) => (wanted[at] ? [line] : at === 0 || wanted[at - 1] ? [null] : []));
}

export function Compared({ lines, same, lang }: ComparedProps) {
  if (lines.every(({ change }) => change === 'same')) return <p className="field__hint">{same}</p>;
  return (
    <div className="compared" lang={lang}>
      {near(lines).map((line, at) =>
        line === null ? (
          <p key={at} className="compared__gap" aria-hidden="true">
            ···
          </p>
        ) : line.change === 'added' ? (
          <ins key={at}>{line.text || ' '}</ins>
        ) : line.change === 'removed' ? (
          <del key={at}>{line.text || ' '}</del>
        ) : (
          <p key={at}>{line.text || ' '}</p>
        ),
      )}
    </div>
  );
}
