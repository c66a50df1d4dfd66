// Sending a file: ask for a signed form, post the file there, keep the id for the message. Used by both pages.
import { unwrap, type Api } from '@/lib/api/client';
import { ApiError, unreachable } from '@/lib/api/problem';

const MAX_FILE_BYTES = 25 * 1000 * 1000;

/** Uploads `file` and returns the id that a message names it by. Throws `ApiError`, code "file_too_large" above the limit. */
export async function uploadFile(api: Api, file: File): Promise<string> {
  if (file.size > MAX_FILE_BYTES) throw new ApiError(413, 'file_too_large', file.name);
  const contentType = file.type === '' ? 'application/octet-stream' : file.type;
  const upload = await unwrap(
    api.POST('/v1/uploads', { body: { filename: file.name, content_type: contentType, size: file.size } }),
  );
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) form.set(name, value);
  // The signed form's rule: whatever comes after the file is not read.
  form.set('file', file);
  try {
    const response = await fetch(upload.url, { method: 'POST', body: form });
    if (!response.ok) throw new ApiError(response.status, 'upload_refused', file.name);
  } catch (cause) {
    throw unreachable(cause);
  }
  return upload.id;
}
