// Who is signed in. The cookie is not ours to read, so the page remembers that there may be one, and asks only then.
import { useEffect, useState } from 'react';
import { unwrap, type Api } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import type { PortalVisitor } from '@/lib/api/types';
import { forget, readFlag, readJson, writeJson } from '@/lib/storage';
import { isOnward, requestsPath } from './place';

const KEPT = 'portal.signedIn';
const ONWARD = 'portal.onward';

/** Whether somebody may be signed in. */
export const maySignedIn = (): boolean => readFlag(KEPT, false);
export const rememberSignedIn = (): boolean => writeJson(KEPT, true);
export const forgetSignedIn = (): void => forget(KEPT);

/** Where somebody wanted to go, while they are at their organization's sign-in. */
export const keepOnward = (next: string): boolean => writeJson(ONWARD, next, 'sessionStorage');

export function takeOnward(): string {
  const kept = readJson(ONWARD, 'sessionStorage');
  forget(ONWARD, 'sessionStorage');
  return isOnward(kept) ? kept : requestsPath();
}

/** Who is signed in; null: nobody, or it is not known yet. */
export function useVisitor(api: Api): PortalVisitor | null {
  const [visitor, setVisitor] = useState<PortalVisitor | null>(null);
  useEffect(() => {
    if (!maySignedIn()) return;
    let current = true;
    unwrap(api.GET('/v1/portal/session')).then(
      (found) => current && setVisitor(found),
      (cause: unknown) => {
        if (cause instanceof ApiError && cause.status === 401) forgetSignedIn();
      },
    );
    return () => {
      current = false;
    };
  }, [api]);
  return visitor;
}
