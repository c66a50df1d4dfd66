// A rating as stars, said in words to screen readers.
import { IconStar } from '@/components/icons';
import { useT } from '@/lib/i18n/use-t';
import './stars.css';

const STARS = [1, 2, 3, 4, 5] as const;

export function Stars({ rating }: { rating: number }) {
  const t = useT();
  return (
    <span className="rating" role="img" aria-label={t('property.ratingOf', { rating })}>
      {STARS.map((star) => (
        <IconStar key={star} size={16} className={star <= rating ? 'rating__star' : 'rating__star rating__star--off'} />
      ))}
    </span>
  );
}
