// The calm page around signing in.
import type { ReactNode } from 'react';
import { BrandMark } from '@/components/brand-mark';
import './sign-in.css';

export function SignInFrame({ children }: { children: ReactNode }) {
  return (
    <main className="sign-in">
      <div className="sign-in__card">
        <BrandMark size={40} />
        {children}
      </div>
    </main>
  );
}
