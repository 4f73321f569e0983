import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { markdownReport } from './report.ts';
import { pass, runSections, skip } from './section.ts';

const verify = (...parameters: string[]) => {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  return spawnSync(process.execPath, [program, ...parameters], { encoding: 'utf8' });
};

describe('npm run gpu:verify', () => {
  it('runs every section that a CPU can run, and writes a report', { timeout: 600_000 }, () => {
    const out = temporaryFolder();
    const { status, stdout, stderr } = verify('--device', 'cpu', '--out', out);
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
    const { verified, device, sections } = JSON.parse(readFileSync(join(out, 'gpu-report.json'), 'utf8'));
    expect({ verified, device }).toEqual({ verified: true, device: 'cpu' });
    const statuses = Object.entries<{ status: string }>(sections).map(([key, section]) => [key, section.status]);
    expect(Object.fromEntries(statuses)).toEqual({
      ...{ doctor: 'pass', step: 'pass', throughput: 'pass', alternating: 'pass', serving: 'pass', training: 'pass' },
      ...{ tf32: 'skip', tf32Step: 'skip', tf32Throughput: 'skip', tf32Serving: 'skip', tf32Training: 'skip' },
      ...{ fp16Gate: 'pass', fp16: 'skip', fp16Throughput: 'skip', fp16Serving: 'skip' },
    });
    for (const figure of ['engines1Batch2', 'together', 'originalClients2PhotosPerSecond', 'batch2Steps2']) {
      const all = Object.assign({}, ...Object.values<{ figures: object }>(sections).map(({ figures }) => figures));
      expect(all[figure], figure).toBeGreaterThan(0);
    }
    const report = readFileSync(join(out, 'gpu-report.md'), 'utf8');
    expect(report).toContain('# cpu works');
    expect(report).toMatch(/pass {2}parity {2,}differs from the CPU by at most/);
  });

  it('explains what it can’t do, with exit code 2', () => {
    expect(verify('--device', 'gpu').stderr).toContain('Pass cpu or cuda:N');
    const { status, stderr } = verify('--device', 'cpu', '--only', 'nothing');
    expect(status).toBe(2);
    expect(stderr).toContain('there is no section nothing; pass some of doctor, step,');
  });
});

describe('the sections', () => {
  const section = (key: string, run: () => Promise<ReturnType<typeof pass>>) => ({ key, title: key, run });

  it('run to the end even if one fails, and the report has its message', async () => {
    const written: number[] = [];
    const results = await runSections(
      [
        section('one', async () => {
          throw new Error('no kernel\nlibcudnn.so.9: not found');
        }),
        section('two', async () =>
          pass('fast', { figures: [{ key: 'speed', name: 'speed', value: 2, unit: 'photos/s' }] }),
        ),
        section('three', async () => skip('only on CUDA')),
      ],
      async (soFar) => void written.push(soFar.length),
    );
    expect(written).toEqual([1, 2, 3]);
    expect(results.map(({ status }) => status)).toEqual(['fail', 'pass', 'skip']);
    const report = markdownReport({ date: 'today', device: 'cuda:0', machine: { GPU: 'NVIDIA L4' } }, results);
    expect(report).toContain('# cuda:0 has failures');
    expect(report).toContain('| one | fail | no kernel |');
    expect(report).toContain('```\nlibcudnn.so.9: not found\n```');
    expect(report).toContain('| GPU | NVIDIA L4 |');
  });
});
