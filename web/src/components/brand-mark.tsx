// The desk's sign: a letter that answers.
export function BrandMark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent-fill)" />
      <path
        d="M9 10.5A2.500 2.500 0 0 1 11.500 8h9a2.500 2.500 0 0 1 2.500 2.500v7a2.500 2.500 0 0 1-2.500 2.500H16l-4.500 4v-4A2.500 2.500 0 0 1 9 17.500z"
        fill="var(--on-accent)"
      />
    </svg>
  );
}
