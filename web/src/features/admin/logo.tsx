// A logo: a picture that is uploaded to the desk, or the address of one elsewhere; shown as it stands.
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { orNothing, type Bound } from './form';
import { Text } from './inputs';
import { useTelling } from './use-telling';
import { unwrap } from '@/lib/api/client';
import { ApiError } from '@/lib/api/problem';
import { useDesk } from '@/lib/data/context';
import { uploadFile } from '@/lib/data/uploads';

const KINDS = 'image/png,image/jpeg,image/webp';

/** Whether a page may show a logo of this address. */
export const isShown = (address: string | null): address is string => address !== null && ['https://', '/help/logos/', `${location.origin}/`].some((begin) => address.startsWith(begin));

export function LogoField({ of }: { of: Bound<string | null> }) {
  const { w } = useTelling();
  const { api } = useDesk();
  const input = useRef<HTMLInputElement>(null);
  const [state, setState] = useState<'idle' | 'sending'>('idle');
  const [fault, setFault] = useState<string | null>(null);
  const take = async (file: File): Promise<void> => {
    setState('sending');
    setFault(null);
    try {
      const upload = await uploadFile(api, file);
      of.set((await unwrap(api.POST('/v1/logos', { body: { upload } }))).address);
    } catch (cause) {
      setFault(cause instanceof ApiError ? (cause.errors[0]?.message ?? cause.detail) : String(cause));
    } finally {
      setState('idle');
    }
  };
  return (
    <div className="logo-field">
      <Text of={orNothing(of)} label={w('form.logo')} hint={w('form.logoHint')} most={1000} />
      <div className="logo-field__acts">
        {isShown(of.value) && <img className="logo-field__shown" src={of.value} alt="" height={32} />}
        <input
          ref={input}
          type="file"
          accept={KINDS}
          hidden
          aria-label={w('form.logoUpload')}
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) void take(file);
            target.value = '';
          }}
        />
        <Button variant="default" size="compact-sm" loading={state === 'sending'} onClick={() => input.current?.click()}>
          {w('form.logoUpload')}
        </Button>
        {of.value !== null && (
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => of.set(null)}>
            {w('form.logoRemove')}
          </Button>
        )}
      </div>
      {fault !== null && (
        <p className="field__fault" role="alert">
          {w('form.logoRefused', { why: fault })}
        </p>
      )}
    </div>
  );
}
