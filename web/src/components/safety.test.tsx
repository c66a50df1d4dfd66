// What strangers write is shown, never run.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { MailFrame } from '@/components/mail-frame';
import { RichText } from '@/components/rich-text';
import { network, renderInDesk } from '@/lib/testing/desk';

const frame = (): HTMLIFrameElement => screen.getByTitle<HTMLIFrameElement>('mail');

describe('the frame of an HTML mail', () => {
  test('allows no script, no form and no navigation of the page', async () => {
    await renderInDesk(<MailFrame html="<p>hi</p>" title="mail" dark={false} />, network({}));
    const allowed = frame().getAttribute('sandbox')?.split(' ') ?? [];
    expect(allowed).not.toContain('allow-scripts');
    expect(allowed).not.toContain('allow-forms');
    expect(allowed).not.toContain('allow-top-navigation');
    expect(frame().srcdoc).toContain("default-src 'none'");
  });
  test('loads nothing from elsewhere until someone asks for it', async () => {
    await renderInDesk(<MailFrame html='<img data-remote-src="https://tracker.test/x.gif">' title="mail" dark={false} />, network({}));
    expect(frame().srcdoc).toContain("img-src 'self' data: blob:;");
    expect(frame().srcdoc).not.toContain(' src=');
    await userEvent.click(screen.getByRole('button', { name: 'Show them' }));
    expect(frame().srcdoc).toContain('img-src data: blob: https:');
    expect(frame().srcdoc).toContain('<img src="https://tracker.test/x.gif">');
  });
  test('shows the pictures that came with the mail from where they are stored, and from nowhere else', async () => {
    await renderInDesk(<MailFrame html='<img src="https://files.test/a.png?sig=1">' title="mail" dark={false} />, network({}));
    expect(frame().srcdoc).toContain("img-src 'self' data: blob: https://files.test;");
    expect(screen.queryByRole('button', { name: 'Show them' })).toBeNull();
  });
});

describe('plain text', () => {
  test('stays text, whatever it contains', async () => {
    const { container } = await renderInDesk(<RichText text={'<img src=x onerror=alert(1)>\n\n<b>no</b>'} />, network({}));
    expect(container.querySelector('img, b')).toBeNull();
    expect(container.textContent).toContain('<b>no</b>');
  });
  test('links addresses without the full stop behind them, and nothing but http', async () => {
    await renderInDesk(<RichText text="See https://desk.test/a?b=1. Not javascript:alert(1)" />, network({}));
    const links = screen.getAllByRole('link');
    expect(links.map((link) => link.getAttribute('href'))).toEqual(['https://desk.test/a?b=1']);
    expect(links[0]?.getAttribute('rel')).toContain('noopener');
  });
});
