// A rating as a face.
import { MOUTHS, type RatingValue } from '@/lib/faces';

export function Face({ rating }: { rating: RatingValue }) {
  return (
    <svg viewBox="0 0 40 40" aria-hidden="true">
      <circle cx="20" cy="20" r="17" />
      <path d="M14.500 16v.1M25.500 16v.1" strokeWidth={4} />
      <path d={MOUTHS[rating]} />
    </svg>
  );
}
