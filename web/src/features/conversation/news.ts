// What came in since someone last read a conversation.
import type { Message } from '@/lib/api/types';

interface News {
  /** The first message that is new: the line stands above it. */
  id: string;
  /** Instant of the last one. */
  latest: string;
  count: number;
}

/** Messages of others after `readUntil`; null when there are none. One's own messages are never news. */
export function firstNew(messages: readonly Message[], readUntil: string | null, me: string | null): News | null {
  if (readUntil === null) return null;
  const news = messages
    .filter((message) => message.at > readUntil && !(message.author.kind === 'agent' && message.author.id === me))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1));
  const [first] = news;
  const last = news.at(-1);
  return first && last ? { id: first.id, latest: last.at, count: news.length } : null;
}
