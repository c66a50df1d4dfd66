// What settings are typed into: each input is bound to a part of the draft, explains itself and says what is wrong with it.
import { Button } from '@mantine/core';
import { useId, useState, type ReactNode } from 'react';
import { moved, type Bound } from './form';
import { useWords } from './words';
import { Choices, Fault, Field, type Choice } from '@/components/form';
import { IconChevronDown, IconClose, IconPlus } from '@/components/icons';
import { WhenInput } from '@/components/when-input';
import type { Words } from '@/lib/api/settings';
import { LANGUAGES, LANGUAGE_NAMES } from '@/lib/i18n/languages';

interface Labelled<Value> {
  of: Bound<Value>;
  label: string;
  hint?: string | undefined;
}

interface TextProps extends Labelled<string> {
  lines?: number;
  most?: number;
  code?: boolean;
  type?: 'text' | 'email' | 'url' | 'date' | 'time' | 'color';
  required?: boolean;
  list?: readonly string[];
}

export function Text({ of, label, hint, lines, most, code = false, type = 'text', required = false, list }: TextProps) {
  const listId = useId();
  const className = code ? 'input input--code' : 'input';
  return (
    <Field label={label} hint={hint} fault={of.fault()}>
      {(wiring) =>
        type === 'date' ? (
          <WhenInput {...wiring} type="date" required={required} value={of.value} onChange={(day) => of.set(day)} />
        ) : lines === undefined ? (
          <>
            <input {...wiring} className={className} type={type} maxLength={most} required={required} spellCheck={!code} autoComplete="off" list={list && listId} value={of.value} onChange={({ target }) => of.set(target.value)} />
            {list && (
              <datalist id={listId}>
                {list.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            )}
          </>
        ) : (
          <textarea {...wiring} className={className} rows={lines} maxLength={most} required={required} spellCheck={!code} value={of.value} onChange={({ target }) => of.set(target.value)} />
        )
      }
    </Field>
  );
}

interface NumberProps<Value extends number | null> extends Labelled<Value> {
  /** What an empty input means. */
  empty: Value;
  min?: number;
  max?: number;
  unit?: string;
}

export function Amount<Value extends number | null>({ of, label, hint, empty, min, max, unit }: NumberProps<Value>) {
  return (
    <Field label={label} hint={hint} fault={of.fault()}>
      {(wiring) => (
        <span className="amount">
          <input
            {...wiring}
            className="input input--short"
            type="number"
            min={min}
            max={max}
            step="any"
            value={of.value ?? ''}
            onChange={({ target }) => of.set(Number.isNaN(target.valueAsNumber) ? empty : (target.valueAsNumber as Value))}
          />
          {unit}
        </span>
      )}
    </Field>
  );
}

interface PickProps<Value extends string> extends Labelled<Value> {
  choices: readonly (Choice & { value: Value })[];
  disabled?: boolean;
}

/** One of some. */
export function Pick<Value extends string>({ of, label, hint, choices, disabled = false }: PickProps<Value>) {
  return (
    <Field label={label} hint={hint} fault={of.fault()}>
      {(wiring) => (
        <select {...wiring} className="input" disabled={disabled} value={of.value} onChange={({ target }) => of.set(choices.find(({ value }) => value === target.value)?.value ?? of.value)}>
          {choices.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** One of few, each with what it means. */
export function Cards<Value extends string>({ of, label, choices }: { of: Bound<Value>; label: string; choices: readonly { value: Value; name: string; text?: string }[] }) {
  const name = useId();
  const fault = of.fault();
  return (
    <fieldset className="cards">
      <legend className="field__label">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="cards__one">
          <input type="radio" name={name} checked={of.value === choice.value} onChange={() => of.set(choice.value)} />
          <span>
            <span className="cards__name">{choice.name}</span>
            {choice.text !== undefined && <span className="field__hint">{choice.text}</span>}
          </span>
        </label>
      ))}
      {fault !== undefined && <Fault text={fault} />}
    </fieldset>
  );
}

/** On or off, with what it means. */
export function Toggle({ of, label, hint }: Labelled<boolean>) {
  const id = useId();
  const fault = of.fault();
  return (
    <div className="toggle">
      <label className="choice">
        <input type="checkbox" checked={of.value} aria-describedby={hint === undefined ? undefined : id} onChange={({ target }) => of.set(target.checked)} />
        {label}
      </label>
      {hint !== undefined && (
        <span id={id} className="field__hint toggle__hint">
          {hint}
        </span>
      )}
      {fault !== undefined && <Fault text={fault} />}
    </div>
  );
}

/** Some of few, as boxes to tick. */
export function Some({ of, label, hint, choices }: Labelled<readonly string[]> & { choices: readonly Choice[] }) {
  const fault = of.fault();
  return (
    <>
      <Choices legend={label} choices={choices} chosen={of.value} onChange={(chosen) => of.set(chosen)} {...(hint === undefined ? {} : { hint })} />
      {fault !== undefined && <Fault text={fault} />}
    </>
  );
}

interface NamesProps extends Labelled<Words> {
  lines?: number;
  most?: number;
}

/** A text in each of the desk's languages. */
export function Names({ of, label, hint, lines, most = 200 }: NamesProps) {
  const id = useId();
  const whole = of.fault();
  return (
    <fieldset className="names">
      <legend className="field__label">{label}</legend>
      {LANGUAGES.map((language) => {
        const fault = of.fault(language);
        const wiring = {
          className: 'input',
          lang: language,
          maxLength: most,
          'aria-label': `${label}, ${LANGUAGE_NAMES[language]}`,
          'aria-invalid': fault !== undefined,
          'aria-describedby': whole === undefined ? undefined : id,
          value: of.value[language] ?? '',
          onChange: ({ target }: { target: { value: string } }) => of.set({ ...of.value, [language]: target.value }),
        };
        return (
          <span key={language} className="names__one">
            <span className="names__language" aria-hidden="true">
              {LANGUAGE_NAMES[language]}
            </span>
            {lines === undefined ? <input {...wiring} autoComplete="off" /> : <textarea {...wiring} rows={lines} />}
          </span>
        );
      })}
      {whole === undefined ? hint !== undefined && <span className="field__hint">{hint}</span> : <Fault id={id} text={whole} />}
    </fieldset>
  );
}

/** Short texts, as many as one likes, written with commas or lines between them. */
export function Texts({ of, label, hint, lines = 1 }: Labelled<readonly string[]> & { lines?: number }) {
  const [typed, setTyped] = useState(() => of.value.join(lines > 1 ? '\n' : ', '));
  const read = (text: string): string[] => [...new Set(text.split(/[,\n]/).map((one) => one.trim()).filter((one) => one !== ''))];
  // What came from elsewhere (a version that was brought back) replaces what was typed; the same list typed otherwise does not.
  const shown = read(typed).join() === of.value.join() ? typed : of.value.join(lines > 1 ? '\n' : ', ');
  const put = (text: string): void => {
    setTyped(text);
    of.set(read(text));
  };
  return <Text of={{ value: shown, set: put, fault: of.fault }} label={label} hint={hint} {...(lines > 1 ? { lines } : {})} />;
}

interface RowsProps<One> {
  of: Bound<readonly One[]>;
  label: string;
  /** Names one for those who do not see where its buttons stand. */
  naming: (one: One, at: number) => string;
  add: string;
  fresh: () => One;
  sorted?: boolean;
  keyOf?: (one: One, at: number) => string;
  children: (one: One, at: number) => ReactNode;
}

/** Things one below the other, that are added, taken out and put in order. */
export function Rows<One>({ of, label, naming, add, fresh, sorted = true, keyOf = (_, at) => String(at), children }: RowsProps<One>) {
  const w = useWords();
  const fault = of.value.length === 0 ? of.fault() : undefined;
  return (
    <fieldset className="rows">
      <legend className="field__label">{label}</legend>
      <ol className="rows__list">
        {of.value.map((one, at) => {
          const name = naming(one, at) || String(at + 1);
          const act = (label: string, what: string, run: () => void, icon: ReactNode, disabled = false) => (
            <button type="button" className={`icon-button rows__${what}`} aria-label={label} title={label} disabled={disabled} onClick={run}>
              {icon}
            </button>
          );
          return (
            <li key={keyOf(one, at)} className="rows__one">
              <div className="rows__what">{children(one, at)}</div>
              <div className="rows__acts">
                {sorted && act(w('row.up', { name }), 'up', () => of.set(moved(of.value, at, -1)), <IconChevronDown size={16} stroke={1.6} />, at === 0)}
                {sorted && act(w('row.down', { name }), 'down', () => of.set(moved(of.value, at, 1)), <IconChevronDown size={16} stroke={1.6} />, at === of.value.length - 1)}
                {act(w('row.remove', { name }), 'remove', () => of.set(of.value.filter((_, place) => place !== at)), <IconClose size={16} stroke={1.6} />)}
              </div>
            </li>
          );
        })}
      </ol>
      {fault !== undefined && <Fault text={fault} />}
      <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} stroke={1.8} />} onClick={() => of.set([...of.value, fresh()])}>
        {add}
      </Button>
    </fieldset>
  );
}

/** A heading inside a form, with what the part below it is about. */
export function Part({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className="part">
      <h2 className="setup__part">{title}</h2>
      {text !== undefined && <p className="setup__text">{text}</p>}
      {children}
    </section>
  );
}

export const Side = ({ children }: { children: ReactNode }) => <div className="fields">{children}</div>;

export { Fault };
