// What the page shows of a file without anybody's help: the same kinds that the desk's links let a browser show in place.
import type { Attachment } from '@/lib/api/types';

type PreviewKind = 'picture' | 'film' | 'sound' | 'paper';

const KINDS: Readonly<Record<string, PreviewKind>> = {
  'image/png': 'picture',
  'image/jpeg': 'picture',
  'image/gif': 'picture',
  'image/webp': 'picture',
  'video/mp4': 'film',
  'video/webm': 'film',
  'audio/mpeg': 'sound',
  'audio/mp4': 'sound',
  'audio/ogg': 'sound',
  'audio/wav': 'sound',
  'application/pdf': 'paper',
  'text/plain': 'paper',
  'text/csv': 'paper',
};

/** How a file is shown; null: it is only fetched. */
export const kindOf = ({ content_type: type }: Pick<Attachment, 'content_type'>): PreviewKind | null => KINDS[type] ?? null;
