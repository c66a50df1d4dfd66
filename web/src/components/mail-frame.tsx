// A mail's HTML in a frame of its own: no script runs in it, no form leaves it, nothing is fetched until someone asks.
import { useEffect, useRef, useState } from 'react';
import frameStyle from '@/components/mail-frame-inner.css?url';
import { useT } from '@/lib/i18n/use-t';
import '@/components/mail-frame.css';

/** A mail that chose its own colours keeps its white paper in the dark; one that did not follows the page. */
const COLOURED = /\b(?:bgcolor|background(?:-color)?|color)\s*[=:]/i;
/** The API holds the addresses of remote images back in this attribute; pictures of the mail itself it puts into `src`. */
const HELD_BACK = /\bdata-remote-src=/g;
const OWN_PICTURE = /(?<![-\w])src=["'](https?:\/\/[^/"'?#]+)/g;

function documentOf(html: string, look: Look, remote: boolean, dark: boolean): string {
  const own = [...new Set([...html.matchAll(OWN_PICTURE)].map((match) => match[1] ?? ''))].join(' ');
  const images = remote ? 'data: blob: https: http:' : `'self' data: blob: ${own}`.trim();
  const shown = remote ? html.replaceAll(HELD_BACK, 'src=') : html;
  const policy = `default-src 'none'; style-src 'self' 'unsafe-inline'; img-src ${images}; form-action 'none'; base-uri 'none'`;
  return (
    `<!doctype html><html class="${dark ? 'dark' : 'light'} ${look}"><head><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer">` +
    `<base target="_blank"><link rel="stylesheet" href="${new URL(frameStyle, location.origin).href}"></head><body dir="auto">${shown}</body></html>`
  );
}

function measure(frame: HTMLIFrameElement): (() => void) | undefined {
  const body = frame.contentDocument?.body;
  if (!body) return undefined;
  const fit = (): void => {
    frame.style.height = `${Math.min(Math.ceil(body.getBoundingClientRect().height), 20_000)}px`;
  };
  const observer = new ResizeObserver(fit);
  observer.observe(body);
  fit();
  return () => observer.disconnect();
}

/** A letter, or a page of the help centre with its headings. */
type Look = 'letter' | 'article';

interface MailFrameProps {
  html: string;
  look?: Look;
  title: string;
  dark: boolean;
}

export function MailFrame({ html, look = 'letter', title, dark }: MailFrameProps) {
  const t = useT();
  const [remote, setRemote] = useState(false);
  const [loads, setLoads] = useState(0);
  const frame = useRef<HTMLIFrameElement>(null);
  const paper = dark && COLOURED.test(html);
  useEffect(() => (frame.current && loads > 0 ? measure(frame.current) : undefined), [loads]);
  return (
    <div className={paper ? 'mail mail--paper' : 'mail'}>
      {!remote && html.search(HELD_BACK) >= 0 && (
        <p className="mail__blocked">
          {t('message.imagesBlocked')}{' '}
          <button type="button" className="link" onClick={() => setRemote(true)}>
            {t('message.showImages')}
          </button>
        </p>
      )}
      {/* Same-origin without scripts: the page may measure the frame, the mail can do nothing. */}
      <iframe
        ref={frame}
        title={title}
        className="mail__frame"
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        referrerPolicy="no-referrer"
        srcDoc={documentOf(html, look, remote, dark && !paper)}
        onLoad={() => setLoads((count) => count + 1)}
      />
    </div>
  );
}
