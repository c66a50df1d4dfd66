// A draft that is bound to its inputs: each has its value, says what it became, and knows what is wrong with it.
import type { FieldProblem } from '@/lib/api/problem';

export interface Bound<Value> {
  value: Value;
  /** A method, so that what is bound to a list can be handed to who only reads lists and makes new ones. */
  set(value: Value): void;
  /** What is wrong with it, or with what lies below it (`en`, `0/names`). */
  fault: (below?: string) => string | undefined;
}

export interface Form<Draft> {
  draft: Draft;
  /** Null: it is new and the desk will name it. */
  id: string | null;
  isNew: boolean;
  /** It can be read only. */
  fixed: boolean;
  change: (part: Partial<Draft>) => void;
  bind: <Key extends keyof Draft & string>(key: Key) => Bound<Draft[Key]>;
  /** What is wrong at a pointer such as `/hours` or below it. */
  fault: (pointer: string) => string | undefined;
}

function faultAt(problems: readonly FieldProblem[], pointer: string): string | undefined {
  const found = problems.find((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
  return found?.message;
}

export function formOf<Draft extends object>(
  about: Pick<Form<Draft>, 'draft' | 'id' | 'isNew' | 'fixed'>,
  problems: readonly FieldProblem[],
  change: (part: Partial<Draft>) => void,
): Form<Draft> {
  const fault = (pointer: string): string | undefined => faultAt(problems, pointer);
  return {
    ...about,
    change,
    fault,
    bind: (key) => ({
      value: about.draft[key],
      // One key of a draft is a part of it, which TypeScript cannot say of a key that it does not know.
      set: (value) => change({ [key]: value } as unknown as Partial<Draft>),
      fault: (below) => fault(below === undefined ? `/${key}` : `/${key}/${below}`),
    }),
  };
}

/** A part of what is bound: `inside(address, 'city')`. */
export function inside<Whole extends object, Key extends keyof Whole & string>(whole: Bound<Whole>, key: Key): Bound<Whole[Key]> {
  return {
    value: whole.value[key],
    set: (value) => whole.set({ ...whole.value, [key]: value }),
    fault: (below) => whole.fault(below === undefined ? key : `${key}/${below}`),
  };
}

/** One of many that are bound. */
export function each<One>(all: Bound<readonly One[]>, at: number, one: One): Bound<One> {
  return {
    value: one,
    set: (value) => all.set(all.value.map((other, place) => (place === at ? value : other))),
    fault: (below) => all.fault(below === undefined ? String(at) : `${at}/${below}`),
  };
}

/** What may be nothing, as a text that may be empty. */
export function orNothing(bound: Bound<string | null>): Bound<string> {
  return { ...bound, value: bound.value ?? '', set: (value) => bound.set(value === '' ? null : value) };
}

/** Something moved one place up or down. */
export function moved<One>(all: readonly One[], from: number, by: -1 | 1): One[] {
  const to = from + by;
  const one = all[from];
  if (one === undefined || to < 0 || to >= all.length) return [...all];
  const others = all.filter((_, at) => at !== from);
  return [...others.slice(0, to), one, ...others.slice(to)];
}


/** Seconds, typed in longer units. */
export function inUnits<Value extends number | null>(of: Bound<Value>, unit: number): Bound<Value> {
  const scaled = (value: Value, by: (seconds: number) => number): Value => (value === null ? value : (by(value) as Value));
  return { ...of, value: scaled(of.value, (seconds) => seconds / unit), set: (value) => of.set(scaled(value, (count) => Math.round(count * unit))) };
}
