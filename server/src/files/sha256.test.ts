import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { sha256, sha256Digest, sha256OfFile, sha256OfPieces } from './sha256.ts';

/** The second example of FIPS 180-2, appendix B. */
const TEXT = 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq';
const EXPECTED = '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1';

describe('SHA-256', () => {
  it('matches the standard for text, bytes, pieces and a file', async () => {
    const bytes = new TextEncoder().encode(TEXT);
    const path = join(temporaryFolder(), 'file');
    await writeFile(path, bytes);
    expect(sha256(TEXT)).toBe(EXPECTED);
    expect(sha256(bytes)).toBe(EXPECTED);
    expect(sha256Digest(TEXT).toString('hex')).toBe(EXPECTED);
    expect(sha256OfPieces([TEXT.slice(0, 5), new Uint8Array(), bytes.subarray(5)])).toBe(EXPECTED);
    expect(await sha256OfFile(path)).toEqual({ bytes: 56, sha256: EXPECTED });
  });

  it('of a missing file fails with the system’s error code', async () => {
    await expect(sha256OfFile(join(temporaryFolder(), 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
