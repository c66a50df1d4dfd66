// A website's page with the desk's script on it.
import { afterEach, expect, test } from 'vitest';
import { heightSaid, sourceOf } from './between';
import { embed } from './embed';

afterEach(() => document.body.replaceChildren());

function tagged(data: Record<string, string>): HTMLScriptElement {
  const script = document.createElement('script');
  script.type = 'inert';
  script.src = 'https://desk.test/embed.js';
  Object.assign(script.dataset, data);
  document.body.append(script);
  return script;
}

const says = (frame: HTMLIFrameElement, origin: string, data: unknown, source: MessageEventSource | null = frame.contentWindow) =>
  window.dispatchEvent(new MessageEvent('message', { origin, source, data }));

test('a tag becomes the form, where it stands or where it says', () => {
  const script = tagged({ brand: 'acme', lang: 'ko' });
  const frame = embed(script);
  expect(frame.src).toBe(`https://desk.test/help/embed/acme?page=${encodeURIComponent(location.origin)}&lang=ko`);
  expect(script.nextSibling).toBe(frame);
  const place = document.createElement('div');
  place.id = 'here';
  document.body.append(place);
  expect(embed(tagged({ target: '#here' })).parentElement).toBe(place);
});

test('only its own frame at the desk says how high it is', () => {
  const frame = embed(tagged({}));
  const before = frame.style.height;
  says(frame, 'https://evil.test', { deskHeight: 900 });
  says(frame, 'https://desk.test', { deskHeight: 900 }, window);
  says(frame, 'https://desk.test', { deskHeight: 'tall' });
  expect(frame.style.height).toBe(before);
  says(frame, 'https://desk.test', { deskHeight: 900.2 });
  expect(frame.style.height).toBe('901px');
});

test('a height is within reason, and an address cannot be bent by a brand', () => {
  expect([heightSaid({ deskHeight: 1e9 }), heightSaid({ deskHeight: -1 }), heightSaid(null), heightSaid({ deskHeight: NaN })]).toEqual([8000, 200, null, null]);
  expect(sourceOf('https://desk.test', { brand: '../x?y', page: 'https://a.test' })).toContain('/help/embed/..%2Fx%3Fy?');
});
