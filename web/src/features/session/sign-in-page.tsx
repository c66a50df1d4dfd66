// The way in: one button, and where things stand when the last attempt did not work.
import { useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { useDesk } from '@/lib/data/context';
import { useNameAtTheDoor } from '@/lib/data/desk-name';
import { useT } from '@/lib/i18n/use-t';
import { SignInFrame } from './sign-in-frame';

interface SignInPageProps {
  returnTo: string;
  problem?: 'denied' | 'unknown_attempt' | 'refused';
}

export function SignInPage({ returnTo, problem }: SignInPageProps) {
  const t = useT();
  const { session } = useDesk();
  const name = useNameAtTheDoor();
  const [leaving, setLeaving] = useState(false);
  useEffect(() => {
    if (name !== null) document.title = name;
  }, [name]);
  const start = (): void => {
    setLeaving(true);
    session.signIn(returnTo).catch(() => setLeaving(false));
  };
  return (
    <SignInFrame>
      <h1 className="sign-in__title">{name}</h1>
      <p className="sign-in__text">{t('signIn.text')}</p>
      {problem && (
        <p className="sign-in__problem" role="alert">
          {t(`signIn.problem.${problem}`)}
        </p>
      )}
      <Button size="md" fullWidth loading={leaving} onClick={start}>
        {t('signIn.button')}
      </Button>
      <p className="sign-in__other">
        <a href="/portal">{t('signIn.portal')}</a>
      </p>
    </SignInFrame>
  );
}
