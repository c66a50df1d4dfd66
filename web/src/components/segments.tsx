// A few choices beside one another, of which one holds.
import './segments.css';

interface SegmentsProps {
  label: string;
  of: readonly { name: string; on: boolean; choose: () => void }[];
}

export function Segments({ label, of }: SegmentsProps) {
  return (
    <div className="segments" role="group" aria-label={label}>
      {of.map(({ name, on, choose }) => (
        <button key={name} type="button" className="segments__one" aria-pressed={on} onClick={choose}>
          {name}
        </button>
      ))}
    </div>
  );
}
