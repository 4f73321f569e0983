import { errorEnvelopeSchema } from '@swipenet/shared/contract/errors.ts';
import { OIP_CODE_HEADER, oipErrorSchema } from '@swipenet/shared/contract/oip.ts';

/** Returns the code of an error response: from its envelope, or from its header at `/v2`. */
export async function errorCodeOf(response: Response): Promise<string> {
  const code = response.headers.get(OIP_CODE_HEADER);
  const body = await response.clone().json();
  if (code === null) return errorEnvelopeSchema.parse(body).error.code;
  oipErrorSchema.parse(body);
  return code;
}
