// What the desk found wrong with a form: beside the fields it is about, or in a toast where it is about none.
import { useState } from 'react';
import { ApiError, type FieldProblem } from '@/lib/api/problem';
import { toast } from '@/lib/toasts';

interface Faults {
  /** What is wrong with the field at this pointer, or with anything below it. */
  faultOf: (start: string) => string | undefined;
  /** Shows a refusal. */
  refuse: (error: unknown) => void;
  /** Finds fault with one field before anything is sent. */
  say: (pointer: string, message: string) => void;
  /** Something was typed: what was said counts no more. */
  forgive: () => void;
}

const asTold = (problem: FieldProblem): FieldProblem => problem;

/** `failed` says that nothing was kept, with the desk's detail; `reworded` fits what the desk says of a field to this form. */
export function useFaults(failed: (detail: string) => string, reworded: (problem: FieldProblem) => FieldProblem = asTold): Faults {
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  return {
    faultOf: (start) => [...faults].find(([pointer]) => pointer.startsWith(start))?.[1],
    refuse: (error) => {
      if (error instanceof ApiError && error.errors.length > 0) setFaults(new Map(error.errors.map(reworded).map(({ pointer, message }) => [pointer, message])));
      else toast(failed(error instanceof ApiError && !error.offline ? error.detail : ''), null, 'problem');
    },
    say: (pointer, message) => setFaults(new Map([[pointer, message]])),
    forgive: () => setFaults(new Map()),
  };
}
