// Where an organization's own sign-in leads back to: it lets in who it vouches for, or says kindly why not.
import { useEffect, useState } from 'react';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import { Notice } from './frame';
import { usePortal } from './context';
import { signInPath, type SignOnAnswer } from './place';
import { rememberSignedIn, takeOnward } from './visitor';

type Trouble = 'declined' | 'over' | 'foreign' | 'unproven' | 'failed';

const TROUBLES: Partial<Record<string, Trouble>> = { sign_in_over: 'over', sign_in_foreign_address: 'foreign', sign_in_not_proven: 'unproven', sign_in_provider_failed: 'failed' };

/** An answer counts once: it is asked about once, however often the page is drawn. */
const asked = new Map<string, Promise<string>>();

export default function SignOnPage({ answer }: { answer: SignOnAnswer }) {
  const { t, api } = usePortal();
  const [trouble, setTrouble] = useState<Trouble | null>(answer === null ? 'declined' : null);
  const [onward, setOnward] = useState('');
  useEffect(() => {
    // What came along is worth something for a moment: it stays neither in the address nor among the pages one can go back to.
    history.replaceState(null, '', location.pathname);
    if (answer === null) return;
    const { state } = answer;
    const known = asked.get(state) ?? unwrap(api.POST('/v1/portal/single-sign-on/session', { body: answer })).then(() => takeOnward());
    asked.set(state, known);
    known.then(
      (next) => {
        rememberSignedIn();
        location.replace(next);
      },
      (cause: unknown) => {
        setOnward(takeOnward());
        setTrouble((cause instanceof ApiError ? TROUBLES[cause.code] : undefined) ?? 'failed');
      },
    );
  }, [api, answer]);
  if (trouble === null) return <Notice title={t('signOn.title')} text={t('signOn.text')} />;
  return (
    <Notice title={t(`signOn.${trouble}Title`)} text={t(`signOn.${trouble}Text`)}>
      <a className="button" href={signInPath(onward || takeOnward())}>
        {t('signOn.again')}
      </a>
    </Notice>
  );
}
