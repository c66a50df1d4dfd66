// Calls of the portal's own pages. Other sites' pages cannot say that they are such, so a cookie alone does nothing.

export function fromThePage(request: Request): Promise<Response> {
  if (new URL(request.url).origin === location.origin) request.headers.set('X-Helpdesk-Page', '1');
  return fetch(request);
}
