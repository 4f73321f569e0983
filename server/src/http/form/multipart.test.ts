import { Busboy } from '@fastify/busboy';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundaryOf, MULTIPART_LIMITS, MultipartParser } from './multipart.ts';

/** A part as `[name, isFile, content in latin1]`. */
type Parsed = [name: string, isFile: boolean, content: string];

const B = 'bOunDary';
const disposition = (parameters: string) => `Content-Disposition: form-data; ${parameters}\r\n`;
const FILE = disposition('name="photo"; filename="a.jpg"');
const part = (content = 'AB', head = FILE) => `--${B}\r\n${head}\r\n${content}\r\n`;
const END = `--${B}--\r\n`;
const AB: Parsed[] = [['photo', true, 'AB']];

const bytesOf = (text: string) => Buffer.from(text, 'latin1');

/** Parses chunks. Returns the parts, or the code of the error. */
function parse(chunks: readonly Uint8Array[], boundary = B): Parsed[] | string {
  const parts: Parsed[] = [];
  let ended = 0;
  const parser = new MultipartParser(boundary, {
    begin: ({ name, isFile }) => void parts.push([name, isFile, '']),
    content: (bytes) => {
      parts.at(-1)![2] += Buffer.from(bytes).toString('latin1');
    },
    end: () => {
      ended += 1;
    },
  });
  try {
    for (const chunk of chunks) parser.write(chunk);
    parser.end();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return ended === parts.length ? parts : 'a part didn’t end';
}

/** Splits bytes into two chunks at every position, and into single bytes. */
function* splits(bytes: Buffer): Generator<Uint8Array[]> {
  for (let at = 0; at <= bytes.length; at += 1) yield [bytes.subarray(0, at), bytes.subarray(at)];
  yield [...bytes].map((byte) => Uint8Array.of(byte));
}

const VALID: Record<string, [body: string, parts: Parsed[], boundary?: string]> = {
  'a file': [part() + END, AB],
  'a text field': [part('0.5', disposition('name="threshold"')) + END, [['threshold', false, '0.5']]],
  'two parts with one name': [
    part('A') + part('B') + END,
    [
      ['photo', true, 'A'],
      ['photo', true, 'B'],
    ],
  ],
  'no parts': [END, []],
  'an empty part': [part('') + END, [['photo', true, '']]],
  'an empty part without a line break of its own': [`--${B}\r\n${FILE}\r\n${END}`, [['photo', true, '']]],
  'other headers': [part('AB', `X-What: ever\r\n${FILE}Content-Type: image/jpeg\r\n`) + END, AB],
  'headers in upper case': [part('AB', FILE.toUpperCase().replace('PHOTO', 'photo')) + END, AB],
  'no line break at the end': [(part() + END).slice(0, -2), AB],
  'a preamble': [`Some words\r\nand more\r\n${part()}${END}`, AB],
  'a preamble that is a line break': [`\r\n${part()}${END}`, AB],
  'a preamble with the boundary within a line': [`x--${B}\r\n--${B} x\r\n${part()}${END}`, AB],
  'an epilogue with a boundary': [`${part()}${END}The end\r\n${part('no part')}`, AB],
  'spaces after boundaries': [`--${B} \t\r\n${FILE}\r\nAB\r\n--${B}-- \t\r\n`, AB],
  'spaces after the last boundary, and no line break': [`${part()}--${B}-- `, AB],
  'a longer boundary in the content': [
    part(`A\r\n--${B}X\r\n--${B}--X\r\nB`) + END,
    [['photo', true, `A\r\n--${B}X\r\n--${B}--X\r\nB`]],
  ],
  'a boundary without a carriage return in the content': [
    part(`A\n--${B}\nB`) + END,
    [['photo', true, `A\n--${B}\nB`]],
  ],
  'half a boundary in the content': [part('A\r\n--bOun\r\n-') + END, [['photo', true, 'A\r\n--bOun\r\n-']]],
  'carriage returns before a boundary': [part('A\r\r') + END, [['photo', true, 'A\r\r']]],
  'line breaks in the content': [part('\r\n\r\nA\r\n\r\n') + END, [['photo', true, '\r\n\r\nA\r\n\r\n']]],
  'escaped quotes in a file name': [part('AB', disposition('name="photo"; filename="a\\"; name=\\"x.jpg"')) + END, AB],
  '%22 in a file name': [part('AB', disposition('name="photo"; filename="a%22b.jpg"')) + END, AB],
  'filename* alone': [part('AB', disposition('name="photo"; filename*=UTF-8\'\'a%20b.jpg')) + END, AB],
  'both kinds of file names': [part('AB', disposition(`name="photo"; filename="a"; filename*=UTF-8''b`)) + END, AB],
  'a file name before the name': [part('AB', disposition('filename="x; name=y"; name="photo"')) + END, AB],
  'a file name without quotes': [part('AB', disposition('name=photo; filename=a.jpg')) + END, AB],
  'an empty file name': [part('AB', disposition('name="photo"; filename=""')) + END, AB],
  'a name in UTF-8': [
    part('AB', disposition(`name="${Buffer.from('é').toString('latin1')}"`)) + END,
    [['é', false, 'AB']],
  ],
  'a name of Object.prototype': [part('AB', disposition('name="__proto__"')) + END, [['__proto__', false, 'AB']]],
  'a boundary with spaces and signs': [(part() + END).replaceAll(B, "a b:c?('"), AB, "a b:c?('"],
};

const INVALID: Record<string, string> = {
  nothing: '',
  'no boundary': 'hello',
  'no last boundary': part(),
  'a last boundary that is cut off': `${part()}--${B}`,
  'a last boundary with one dash': `${part()}--${B}-\r\n`,
  'headers that are cut off': `--${B}\r\n${FILE}`,
  'line breaks without carriage returns': (part() + END).replaceAll('\r\n', '\n'),
  'a part without headers': `--${B}\r\n\r\nAB\r\n${END}`,
  'a part without a Content-Disposition': part('AB', 'X: y\r\n') + END,
  'a part without a name': part('AB', disposition('filename="a"')) + END,
  'a part with two names': part('AB', disposition('name="a"; name="photo"')) + END,
  'two Content-Dispositions': part('AB', FILE + FILE) + END,
  'another Content-Disposition': part('AB', 'Content-Disposition: attachment; name="photo"\r\n') + END,
  'a quote that isn’t closed': part('AB', disposition('name="photo; filename=a')) + END,
  'a parameter without a value': part('AB', disposition('name="photo"; filename')) + END,
  'a header without a colon': part('AB', `No colon\r\n${FILE}`) + END,
  'a folded header': part('AB', 'Content-Disposition: form-data;\r\n name="photo"\r\n') + END,
  'a zero byte in a header': part('AB', disposition('name="pho\0to"')) + END,
  'a carriage return in a header': part('AB', disposition('name="pho\rto"')) + END,
  'too many headers': part('AB', 'X: y\r\n'.repeat(MULTIPART_LIMITS.headers) + FILE) + END,
};

describe('a multipart form', () => {
  it.each(Object.entries(VALID))('may have %s, however it is split into chunks', (_, [body, parts, boundary]) => {
    for (const chunks of splits(bytesOf(body))) expect(parse(chunks, boundary)).toEqual(parts);
  });

  it.each(Object.entries(INVALID))('can’t have %s, however it is split into chunks', (_, body) => {
    for (const chunks of splits(bytesOf(body))) expect(parse(chunks)).toBe('body_malformed');
  });

  it.each([
    ['headers', `--${B}\r\nX: `, 'y'.repeat(100), MULTIPART_LIMITS.headBytes],
    ['spaces after a boundary', `${part()}--${B}`, ' '.repeat(10), MULTIPART_LIMITS.padding],
    ['a preamble', '', 'x'.repeat(1000), MULTIPART_LIMITS.outsideBytes],
    ['an epilogue', part() + END, 'x'.repeat(1000), MULTIPART_LIMITS.outsideBytes],
  ])('is refused as soon as it has too many bytes of %s', (_, start, more, limit) => {
    const parser = new MultipartParser(B, { begin: () => {}, content: () => {}, end: () => {} });
    parser.write(bytesOf(start));
    let sent = 0;
    const flood = () => {
      while (sent < 1e6) {
        parser.write(bytesOf(more));
        sent += more.length;
      }
    };
    expect(flood).toThrow(expect.objectContaining({ code: 'body_malformed' }));
    expect(sent).toBeLessThanOrEqual(limit);
  });

  it('ends when the receiver throws', () => {
    const parser = new MultipartParser(B, {
      begin: () => {
        throw new Error('too many parts');
      },
      content: () => {},
      end: () => {},
    });
    expect(() => parser.write(bytesOf(part().repeat(1000)))).toThrow('too many parts');
  });
});

describe('the boundary of a Content-Type', () => {
  it.each([
    ['multipart/form-data; boundary=abc', 'abc'],
    ['multipart/form-data;boundary="a b:c"', 'a b:c'],
    ['Multipart/Form-Data; charset=utf-8; BOUNDARY="abc"', 'abc'],
    ['multipart/form-data; boundary=----=_Part_1.2', '----=_Part_1.2'],
    ['multipart/form-data; boundary="a\\"b"', undefined],
    ['multipart/form-data; boundary="ab "', undefined],
    ['multipart/form-data; boundary=é', undefined],
    ['multipart/form-data; boundary=', undefined],
    ['multipart/form-data; boundary=a; boundary=b', undefined],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
    ['multipart/form-data', undefined],
  ])('of %j is %j', (type, boundary) => {
    expect(boundaryOf(type)).toBe(boundary);
  });
});

/** Parses a form with the platform's parser. */
async function platform(body: Buffer): Promise<Parsed[]> {
  const headers = { 'Content-Type': `multipart/form-data; boundary=${B}` };
  const form = await new Response(new Uint8Array(body), { headers }).formData();
  const parts = [...form].map(async ([name, value]): Promise<Parsed> => {
    const content = typeof value === 'string' ? Buffer.from(value) : Buffer.from(await value.arrayBuffer());
    return [name, typeof value !== 'string', content.toString('latin1')];
  });
  return await Promise.all(parts);
}

/** Parses a form with Fastify's parser. It reports files and fields in the order in which they begin. */
function fastify(chunks: readonly Uint8Array[]): Promise<Parsed[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Parsed[]>();
  const parts: Parsed[] = [];
  const busboy = new Busboy({ headers: { 'content-type': `multipart/form-data; boundary=${B}` } });
  busboy.on('file', (name, stream) => {
    const file: Parsed = [name, true, ''];
    parts.push(file);
    stream.on('data', (data: Buffer) => {
      file[2] += data.toString('latin1');
    });
  });
  busboy.on('field', (name, value) => void parts.push([name, false, Buffer.from(value).toString('latin1')]));
  busboy.on('error', reject).on('finish', () => resolve(parts));
  for (const chunk of chunks) busboy.write(Buffer.from(chunk));
  busboy.end();
  return promise;
}

describe('against other parsers', () => {
  const content = fc
    .array(fc.constantFrom('\r', '\n', '-', '\r\n', `--${B.slice(0, 5)}`, `\r\n--${B.slice(0, -1)}`, 'x', '\0', ' '), {
      maxLength: 12,
    })
    .map((pieces) => pieces.join(''));
  const name = fc.string({ unit: fc.constantFrom(...'abcéß;=, '), minLength: 1, maxLength: 8 });
  const parts = fc.array(fc.record({ name, isFile: fc.boolean(), content }), { minLength: 1, maxLength: 4 });
  const cuts = fc.array(fc.nat(400), { maxLength: 6 });

  it('reads the same parts from any valid form, however it is split', async () => {
    const differs = async (form: readonly { name: string; isFile: boolean; content: string }[], at: number[]) => {
      const body = Buffer.from(
        form
          .map((one) => part(one.content, disposition(`name="${one.name}"${one.isFile ? '; filename="f"' : ''}`)))
          .join('') + END,
      );
      const ends = [0, ...at.filter((cut) => cut < body.length).toSorted((a, b) => a - b), body.length];
      const chunks = ends.slice(1).map((end, index) => body.subarray(ends[index], end));
      const ours = JSON.stringify(parse(chunks));
      return ours !== JSON.stringify(await platform(body)) || ours !== JSON.stringify(await fastify(chunks));
    };
    await fc.assert(
      fc.asyncProperty(parts, cuts, async (form, at) => !(await differs(form, at))),
      { numRuns: 200 },
    );
  });

  it('reads any bytes without failing in another way than body_malformed', () => {
    const pieces = fc.array(
      fc.constantFrom(
        `--${B}`,
        '\r\n',
        '--',
        ' ',
        '\r',
        '\n',
        FILE,
        'Content-Disposition: form-data; name="',
        '"',
        'A',
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(pieces, cuts, (text, at) => {
        const body = bytesOf(text.join(''));
        const ends = [0, ...at.filter((cut) => cut < body.length).toSorted((a, b) => a - b), body.length];
        const whole = parse([body]);
        const split = parse(ends.slice(1).map((end, index) => body.subarray(ends[index], end)));
        return JSON.stringify(whole) === JSON.stringify(split) && (Array.isArray(whole) || whole === 'body_malformed');
      }),
      { numRuns: 1000 },
    );
  });
});
