import { fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { FileInput } from '@/components/file-input';
import { Field } from '@/components/form';
import { WhenInput } from '@/components/when-input';
import { network, renderInDesk } from '@/lib/testing/desk';

function When({ type, zone }: { type: 'date' | 'datetime-local'; zone?: string }) {
  const [value, setValue] = useState('');
  return (
    <Field label="Closed from" hint="In the calendar's time">
      {(wiring) => <WhenInput {...wiring} type={type} value={value} onChange={setValue} {...(zone === undefined ? {} : { zone })} />}
    </Field>
  );
}

/** What a screen reader says after a field's name. */
const describedBy = (field: HTMLElement): string =>
  (field.getAttribute('aria-describedby') ?? '')
    .split(' ')
    .map((id) => document.querySelector(`[id="${id}"]`)?.textContent ?? '')
    .join(' ')
    .trim();

test('a chosen day is spelled out in the page’s language, with its weekday', async () => {
  await renderInDesk(<When type="date" />, network({}));
  const field = screen.getByLabelText('Closed from');
  expect(describedBy(field)).toBe("In the calendar's time");
  fireEvent.change(field, { target: { value: '2026-11-12' } });
  expect(describedBy(field)).toMatch(/^Thursday, November 12, 2026/);
  expect(describedBy(field)).toContain("In the calendar's time");
});

test('a time is said with the clock it is read from, whichever that of the browser is', async () => {
  await renderInDesk(<When type="datetime-local" zone="Asia/Seoul" />, network({}));
  const field = screen.getByLabelText('Closed from');
  fireEvent.change(field, { target: { value: '2026-11-26T14:30' } });
  expect(describedBy(field)).toMatch(/Thursday, November 26, 2026.*2:30\sPM Korean Standard Time/);
});

test('a file is chosen in the page’s words, by its field’s name', async () => {
  const onFile = vi.fn<(file: File) => void>();
  await renderInDesk(<Field label="A calendar">{(wiring) => <FileInput {...wiring} onFile={onFile} />}</Field>, network({}));
  expect(screen.getByText('No file chosen')).toBeTruthy();
  const file = new File(['BEGIN:VCALENDAR'], 'holidays.ics', { type: 'text/calendar' });
  await userEvent.upload(screen.getByLabelText('A calendar'), file);
  expect(onFile).toHaveBeenCalledExactlyOnceWith(file);
  expect(screen.getByText('holidays.ics')).toBeTruthy();
  expect(screen.queryByText('No file chosen')).toBeNull();
});
