// Plain text as people expect to read it: lines kept, addresses that can be clicked, nothing else interpreted.
import { Fragment, type ReactNode } from 'react';
import { writtenIn } from '@/lib/text';

const LINK = /\bhttps?:\/\/[^\s<>"'）)」』\]]+[^\s<>"'）)」』\].,;:!?。、]/giu;

function linked(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const [address] = match;
    parts.push(text.slice(from, match.index));
    parts.push(
      <a key={match.index} href={address} target="_blank" rel="noopener noreferrer nofollow">
        {address}
      </a>,
    );
    from = match.index + address.length;
  }
  parts.push(text.slice(from));
  return parts;
}

export function RichText({ text }: { text: string }) {
  return (
    <div className="rich-text" dir="auto" lang={writtenIn(text)}>
      {text.split(/\n{2,}/).map((paragraph, index) => (
        <p key={index}>
          {linked(paragraph).map((part, at) => (
            <Fragment key={at}>{part}</Fragment>
          ))}
        </p>
      ))}
    </div>
  );
}
