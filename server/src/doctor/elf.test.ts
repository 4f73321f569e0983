import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elfFile } from '../../../test/support/elf-file.ts';
import { readElf, readElfFile } from './elf.ts';

const parse = (bytes: Uint8Array) => readElf(async (offset, length) => bytes.subarray(offset, offset + length));
const nameOf = fc.stringMatching(/^[A-Za-z0-9_.+-]{1,40}$/);

describe('reading an ELF file', () => {
  it('returns what was written', async () => {
    const folder = nameOf.map((name) => `$ORIGIN/${name}`);
    const written = fc.record(
      {
        machine: fc.constantFrom(62, 183),
        needed: fc.array(nameOf, { maxLength: 12 }),
        soname: nameOf,
        rpath: fc.array(folder, { minLength: 1, maxLength: 3 }),
        runpath: fc.array(folder, { minLength: 1, maxLength: 3 }),
      },
      { requiredKeys: ['machine', 'needed'] },
    );
    await fc.assert(
      fc.asyncProperty(written, async ({ rpath = [], runpath = [], ...rest }) => {
        const paths = {
          ...(rpath.length > 0 && { rpath: rpath.join(':') }),
          ...(runpath.length > 0 && { runpath: runpath.join(':') }),
        };
        expect(await parse(elfFile({ ...rest, ...paths }))).toEqual({ ...rest, rpath, runpath });
      }),
    );
  });

  it('explains what is wrong with anything that isn’t an intact ELF file', async () => {
    const whole = elfFile({ needed: ['libcudart.so.13', 'libc.so.6'], runpath: '$ORIGIN' });
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(whole.length), async (places, length) => {
        const bytes = Uint8Array.from(whole.subarray(0, length));
        for (const [at, value] of places) if (at < length) bytes[at] = value;
        const outcome = await parse(bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome.message).toMatch(/^(it|its|one of its) /);
        else expect(outcome).toMatchObject({ needed: expect.any(Array) });
      }),
    );
  });

  it('says what is wrong', async () => {
    await expect(parse(Buffer.from('<html>not found</html>'.padEnd(80)))).rejects.toThrow('it is not an ELF file');
    await expect(parse(elfFile({}).subarray(0, 20))).rejects.toThrow('it is truncated in the file header');
    await expect(parse(elfFile({ needed: ['liba.so'] }).subarray(0, 200))).rejects.toThrow(
      'it is truncated in the dynamic',
    );
    const narrow = elfFile({});
    narrow[4] = 1;
    await expect(parse(narrow)).rejects.toThrow('it is not a 64-bit little-endian ELF file');
  });

  it.skipIf(process.platform !== 'linux')('works on the running Node executable', async () => {
    const { needed, machine } = await readElfFile(process.execPath);
    expect(needed).toContain('libc.so.6');
    expect(machine).toBe(process.arch === 'arm64' ? 183 : 62);
  });
});
