// A value that follows another one once that has stood still: what is typed is asked for in words, not in letters.
import { useEffect, useState } from 'react';

export function useSlowly<Value>(value: Value, waitMs: number): Value {
  const [slow, setSlow] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(value), waitMs);
    return () => clearTimeout(timer);
  }, [value, waitMs]);
  return slow;
}
