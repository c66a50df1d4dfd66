// Whose yes a ticket waits for: asking, answering as one who was asked, and asking no more.
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { unwrap, type Api } from '@/lib/api/client';
import type { Approval, Sent } from '@/lib/api/types';
import { useDesk } from '@/lib/data/context';
import { ticketKey } from '@/lib/data/tickets';

type ApprovalWish = Sent<'/v1/tickets/{id}/approvals', 'post'>;
export type Verdict = Sent<'/v1/tickets/{id}/approvals/{approval_id}/answer', 'post'>['verdict'];

function useOnApprovals<Given>(ticket: string, act: (api: Api, given: Given) => Promise<Approval>): UseMutationResult<Approval, Error, Given> {
  const { api } = useDesk();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => act(api, given),
    onSettled: () => Promise.all([ticketKey(ticket), ['history', ticket]].map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}

/** `key` is the same on every attempt: a repeated call cannot ask twice. */
export const useAskApproval = (ticket: string) =>
  useOnApprovals(ticket, (api, { key, body }: { key: string; body: ApprovalWish }) =>
    unwrap(api.POST('/v1/tickets/{id}/approvals', { params: { path: { id: ticket }, header: { 'Idempotency-Key': key } }, body })),
  );

export const useAnswerApproval = (ticket: string, approval: string) =>
  useOnApprovals(ticket, (api, body: { verdict: Verdict; comment: string }) =>
    unwrap(api.POST('/v1/tickets/{id}/approvals/{approval_id}/answer', { params: { path: { id: ticket, approval_id: approval } }, body })),
  );

export const useWithdrawApproval = (ticket: string, approval: string) =>
  useOnApprovals(ticket, (api) => unwrap(api.DELETE('/v1/tickets/{id}/approvals/{approval_id}', { params: { path: { id: ticket, approval_id: approval } } })));
