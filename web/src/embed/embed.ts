// The request form on any website: one script tag puts the portal's form, in a frame of its own, where the tag stands.
import { heightSaid, sourceOf } from './between';

/** What the tag says: `data-brand`, `data-lang`, `data-target` (a selector; else where the tag stands). */
export function embed(script: HTMLScriptElement): HTMLIFrameElement {
  const { brand, lang, target, title } = script.dataset;
  const desk = new URL(script.src);
  const frame = document.createElement('iframe');
  frame.src = sourceOf(desk.origin, { brand, lang: lang ?? document.documentElement.lang, page: location.origin });
  frame.title = title ?? 'Contact us';
  frame.setAttribute('loading', 'lazy');
  frame.setAttribute('referrerpolicy', 'origin');
  Object.assign(frame.style, { width: '100%', height: '720px', border: '0', display: 'block', colorScheme: 'normal' });
  window.addEventListener('message', ({ origin, source, data }: MessageEvent<unknown>) => {
    // From the desk, and from this very frame: another one of it on the page says its own.
    const height = origin === desk.origin && source === frame.contentWindow ? heightSaid(data) : null;
    if (height !== null) frame.style.height = `${height}px`;
  });
  const place = target === undefined ? null : document.querySelector(target);
  if (place) place.append(frame);
  else script.after(frame);
  return frame;
}

{
  const script = document.currentScript;
  if (script instanceof HTMLScriptElement) embed(script);
}
