// Rules: what the desk does by itself, drafts tried on the tickets that changed last, and why each acted on a ticket or not.
import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { done, unwrap } from '@/lib/api/client';
import type { Me, Rule, RuleDraft, RulePreview, RuleSent } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';

const RULES = ['rules'] as const;
const MINUTE = 60_000;

/** Who may write rules. */
export const writesRules = (me: Me | undefined): boolean => me?.permissions.includes('change_settings') ?? false;

export function useRules(): UseQueryResult<Rule[]> {
  const { api } = useDesk();
  return useQuery({ queryKey: RULES, queryFn: async () => (await unwrap(api.GET('/v1/rules'))).items, staleTime: MINUTE });
}

interface Saving {
  id: string;
  /** As it was seen; 0: it is new. */
  version: number;
  body: RuleDraft;
}

const seen = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` });

export function useSaveRule(): UseMutationResult<Rule, Error, Saving> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version, body }) => unwrap(api.PUT('/v1/rules/{id}', { params: { path: { id }, header: seen(version) }, body: body as RuleSent })),
    onSuccess: () => client.invalidateQueries({ queryKey: RULES }),
  });
}

export function useRemoveRule(): UseMutationResult<void, Error, { id: string; version: number }> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, version }) => done(api.DELETE('/v1/rules/{id}', { params: { path: { id }, header: seen(version) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: RULES }),
  });
}

/** Tries a draft; nothing is changed by it. */
export function usePreviewRule(): UseMutationResult<RulePreview, Error, { rule: RuleDraft; id: string }> {
  const { api } = useDesk();
  return useMutation({ mutationFn: ({ rule, id }) => unwrap(api.POST('/v1/rules/preview', { body: { rule: rule as RuleSent, id, limit: 50 } })) });
}
