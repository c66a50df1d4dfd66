// Browser storage that never throws: private windows, full disks and old values are all "nothing kept".

/** Named, not handed over: in a frame on another website even to ask for it may be refused. */
type Area = 'localStorage' | 'sessionStorage';

function guarded<T>(act: () => T, otherwise: T): T {
  try {
    return act();
  } catch {
    return otherwise;
  }
}

export function readJson(key: string, area: Area = 'localStorage'): unknown {
  return guarded<unknown>(() => {
    const kept = window[area].getItem(key);
    return kept === null ? null : (JSON.parse(kept) as unknown);
  }, null);
}

/** Keeps `value` under `key`; answers whether it was kept. */
export function writeJson(key: string, value: unknown, area: Area = 'localStorage'): boolean {
  return guarded(() => {
    window[area].setItem(key, JSON.stringify(value));
    return true;
  }, false);
}

export function forget(key: string, area: Area = 'localStorage'): void {
  guarded(() => {
    window[area].removeItem(key);
  }, undefined);
}

export function readNumber(key: string, otherwise: number): number {
  const kept = readJson(key);
  return typeof kept === 'number' && Number.isFinite(kept) ? kept : otherwise;
}

export function readFlag(key: string, otherwise: boolean): boolean {
  const kept = readJson(key);
  return typeof kept === 'boolean' ? kept : otherwise;
}
